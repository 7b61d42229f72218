import {
  type CopyFile,
  copyFileSchema,
  type FileMetadata,
  fileMetadataSchema,
  idSchema,
  type Job,
  jobSchema,
} from '@homeserver/dto';
import { Body, Controller, Param, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { PostEndpoint } from '../../platform/http/endpoint.decorator';
import { CopiesService } from './copies.service';
import { answerTransfer } from './transfer-answer';

@ApiTags('Files')
@Controller('api/v1/files')
export class CopiesController {
  constructor(private readonly copies: CopiesService) {}

  @PostEndpoint(':id/copy', {
    summary: 'Copy a file, or a folder with all that is in it',
    description:
      'A file is copied at once. A folder is copied by a job: 202. A name that is taken gets a number. Tags are copied too.',
    access: 'files:write',
    response: fileMetadataSchema,
    status: 201,
    accepted: jobSchema,
    problems: {
      403: ['drives.read_only', 'drives.forbidden', 'drives.none_writable'],
      404: ['files.not_found', 'drives.not_found', 'files.content_missing'],
      409: ['files.into_itself', 'files.is_mount', 'files.unreadable', 'drives.no_links'],
      422: ['files.name_reserved', 'drives.name_refused', 'files.type_refused'],
      423: ['files.busy'],
      503: ['drives.offline'],
      507: ['drives.full', 'files.quota_exceeded'],
    },
  })
  async copyFile(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: copyFileSchema }) wish: CopyFile,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FileMetadata | Job> {
    return answerTransfer(await this.copies.copy(actor, id, wish), response);
  }
}
