import {
  type FileMetadata,
  fileMetadataSchema,
  type UploadQuery,
  uploadQuerySchema,
} from '@homeserver/dto';
import { Controller, Query, Req, Res } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { PostEndpoint } from '../../platform/http/endpoint.decorator';
import { metadataTag } from '../entries/entity-tag';
import { CONTENT_REFUSED } from '../files.errors';
import { MultipartReceiver } from './multipart-receiver';
import { UploadsService } from './uploads.service';

@ApiTags('Files')
@Controller('api/v1/files')
export class UploadsController {
  constructor(
    private readonly receiver: MultipartReceiver,
    private readonly uploads: UploadsService,
  ) {}

  @PostEndpoint('upload', {
    summary: 'Upload a file',
    description:
      'A form with exactly one part `file`. `tags` and `conflict` may stand anywhere; `driveId` and `folderId` before `file`, or in the query. The answer comes when the file is on the disk, whole.',
    access: 'files:write',
    consumes: 'multipart/form-data',
    response: fileMetadataSchema,
    status: 201,
    problems: {
      403: ['drives.read_only', 'drives.forbidden', 'drives.none_writable'],
      404: ['drives.not_found', 'files.not_found'],
      409: ['files.name_taken'],
      422: [
        'files.no_file',
        'files.invalid_name',
        'files.name_reserved',
        'files.field_after_file',
        ...CONTENT_REFUSED,
      ],
      423: ['files.busy'],
      503: ['drives.offline', 'files.scanner_unavailable'],
      507: ['drives.full', 'files.quota_exceeded'],
    },
  })
  @ApiBody({
    schema: {
      type: 'object',
      required: ['file'],
      properties: {
        driveId: { type: 'string', format: 'uuid' },
        folderId: { type: 'string', format: 'uuid' },
        tags: {
          type: 'array',
          items: { type: 'string' },
          description: 'Repeated, or separated by commas',
          example: ['holiday'],
        },
        conflict: { type: 'string', enum: ['rename', 'version', 'fail'], default: 'rename' },
        file: { type: 'string', format: 'binary' },
      },
    },
  })
  async uploadFile(
    @CurrentActor() actor: Actor,
    @Query({ schema: uploadQuerySchema }) query: UploadQuery,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FileMetadata> {
    const received = await this.receiver.receive(request, response, { actor, query });
    const file = await this.uploads.commit(received);
    response.setHeader('ETag', metadataTag(file.version));
    return file;
  }
}
