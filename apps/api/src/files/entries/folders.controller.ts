import {
  type FileMetadata,
  fileMetadataSchema,
  type NewFolder,
  newFolderSchema,
} from '@homeserver/dto';
import { Body, Controller, Res } from '@nestjs/common';
import { ApiResponse, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { PostEndpoint } from '../../platform/http/endpoint.decorator';
import { metadataTag } from './entity-tag';
import { FolderOpenings } from './folder-openings.service';

@ApiTags('Files')
@Controller('api/v1/files')
export class FoldersController {
  constructor(private readonly folders: FolderOpenings) {}

  @PostEndpoint('folders', {
    summary: 'Make a folder, or use the one that is there',
    access: 'files:write',
    response: fileMetadataSchema,
    status: 201,
    problems: {
      403: ['drives.read_only', 'drives.forbidden', 'drives.none_writable'],
      404: ['files.not_found', 'drives.not_found'],
      409: ['files.name_taken', 'files.is_mount'],
      422: ['files.name_reserved'],
      423: ['files.busy'],
      503: ['drives.offline'],
      507: ['drives.full'],
    },
  })
  @ApiResponse({
    status: 200,
    description: 'It was there already: only with `conflict` `use`',
    standardSchema: fileMetadataSchema,
  })
  async createFolder(
    @CurrentActor() actor: Actor,
    @Body({ schema: newFolderSchema }) folder: NewFolder,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FileMetadata> {
    const { isNew, entry } = await this.folders.open(actor, folder);
    response.status(isNew ? 201 : 200).setHeader('ETag', metadataTag(entry.version));
    return entry;
  }
}
