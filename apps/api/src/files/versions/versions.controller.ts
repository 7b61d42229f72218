import {
  type FileMetadata,
  fileMetadataSchema,
  type FileVersionPage,
  fileVersionPageSchema,
  idSchema,
  type ListVersionsQuery,
  listVersionsQuerySchema,
} from '@homeserver/dto';
import { Controller, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { DeleteEndpoint, GetEndpoint, PostEndpoint } from '../../platform/http/endpoint.decorator';
import { answerDownload } from '../downloads/download-answer';
import { metadataTag } from '../entries/entity-tag';
import { VersionsService } from './versions.service';

const NOT_FOUND = ['files.not_found', 'files.version_not_found'];

@ApiTags('Versions')
@Controller('api/v1/files/:id/versions')
export class VersionsController {
  constructor(private readonly versions: VersionsService) {}

  @GetEndpoint('', {
    summary: 'The earlier contents of a file, what was replaced last first',
    description:
      'All of the last 24 hours are kept, then one a day for a month, one a week for a year, one a month after that, within the share of the drive that its settings give them. What is changed outside of HomeServer leaves none.',
    access: 'files:read',
    response: fileVersionPageSchema,
    problems: { 404: ['files.not_found'] },
  })
  async listVersions(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Query({ schema: listVersionsQuerySchema }) query: ListVersionsQuery,
  ): Promise<FileVersionPage> {
    return this.versions.list(actor, id, query);
  }

  @GetEndpoint(':versionId/download', {
    summary: 'The bytes of an earlier content',
    description: 'As the download of the file: HEAD, ranges, ETag and conditional requests.',
    access: 'files:read',
    response: null,
    produces: 'application/octet-stream',
    otherResponses: {
      206: 'The part that `Range` asks for',
      304: 'Not changed since `If-None-Match` or `If-Modified-Since`',
    },
    problems: {
      404: [...NOT_FOUND, 'files.content_missing'],
      412: ['http.precondition_failed'],
      416: ['http.range_unsatisfiable'],
      503: ['drives.offline'],
    },
  })
  @ApiHeader({ name: 'Range', description: 'Such as bytes=0-1023', required: false })
  @ApiHeader({ name: 'If-None-Match', required: false })
  async downloadVersion(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Param('versionId', { schema: idSchema }) versionId: string,
    @Res() response: Response,
  ): Promise<void> {
    const download = await this.versions.open(actor, id, versionId);
    try {
      await answerDownload(response, download, false);
    } finally {
      await download.file.close();
    }
  }

  @PostEndpoint(':versionId/restore', {
    summary: 'Give a file a content that it had',
    description: 'The content that it has becomes a version; the restored one stays one, too.',
    access: 'files:write',
    response: fileMetadataSchema,
    problems: {
      403: ['drives.read_only', 'drives.forbidden'],
      404: [...NOT_FOUND, 'files.content_missing'],
      409: ['files.name_taken', 'drives.other_filesystem'],
      423: ['files.busy'],
      503: ['drives.offline'],
      507: ['drives.full', 'files.quota_exceeded'],
    },
  })
  async restoreVersion(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Param('versionId', { schema: idSchema }) versionId: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FileMetadata> {
    const file = await this.versions.restore(actor, id, versionId);
    response.setHeader('ETag', metadataTag(file.version));
    return file;
  }

  @DeleteEndpoint(':versionId', {
    summary: 'Delete an earlier content for good',
    access: 'files:write',
    response: null,
    status: 204,
    problems: {
      403: ['drives.read_only', 'drives.forbidden'],
      404: NOT_FOUND,
      503: ['drives.offline'],
    },
  })
  async deleteVersion(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Param('versionId', { schema: idSchema }) versionId: string,
  ): Promise<void> {
    await this.versions.remove(actor, id, versionId);
  }
}
