import {
  type DeleteFileQuery,
  deleteFileQuerySchema,
  type FileDetails,
  fileDetailsSchema,
  type FileMetadata,
  fileMetadataSchema,
  idSchema,
  type Job,
  jobSchema,
  type PatchFile,
  patchFileSchema,
} from '@homeserver/dto';
import { Body, Controller, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { DeleteEndpoint, GetEndpoint, PatchEndpoint } from '../../platform/http/endpoint.decorator';
import { DriveMoves } from '../copies/drive-moves.service';
import { answerTransfer } from '../copies/transfer-answer';
import { TrashService } from '../trash/trash.service';
import { EntriesService } from './entries.service';
import { metadataTag, versionsOfIfMatch } from './entity-tag';

const IF_MATCH = {
  name: 'If-Match',
  description: 'The version that you have seen, as "v3"',
  required: false,
};

@ApiTags('Files')
@Controller('api/v1/files')
export class EntriesController {
  constructor(
    private readonly entries: EntriesService,
    private readonly moves: DriveMoves,
    private readonly trash: TrashService,
  ) {}

  @GetEndpoint(':id/metadata', {
    summary: 'What is known of a file, and the folders above it',
    access: 'files:read',
    response: fileDetailsSchema,
    problems: { 404: ['files.not_found'] },
  })
  async getMetadata(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FileDetails> {
    const details = await this.entries.describe(actor, id);
    response.setHeader('ETag', metadataTag(details.version));
    // What a folder holds, and the names above, change without a new version: a browser must not keep them by it.
    response.setHeader('Cache-Control', 'no-store');
    return details;
  }

  @PatchEndpoint(':id', {
    summary: 'Rename, move or tag a file or a folder',
    description:
      'To another drive, a file of less than 64 MiB is moved at once; all else by a job: 202. It keeps its id.',
    access: 'files:write',
    response: fileMetadataSchema,
    accepted: jobSchema,
    problems: {
      403: ['drives.read_only', 'drives.forbidden'],
      404: ['files.not_found', 'drives.not_found', 'files.content_missing'],
      409: [
        'files.name_taken',
        'files.root_unchangeable',
        'files.into_itself',
        'files.is_mount',
        'files.unreadable',
        'drives.no_links',
        'drives.other_filesystem',
      ],
      412: ['files.stale'],
      422: ['files.name_reserved', 'files.type_refused'],
      423: ['files.busy'],
      503: ['drives.offline'],
      507: ['drives.full'],
    },
  })
  @ApiHeader(IF_MATCH)
  async patchFile(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: patchFileSchema }) patch: PatchFile,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FileMetadata | Job> {
    const ifMatch = response.req.get('if-match');
    const patched = await this.moves.patch(actor, id, patch, versionsOfIfMatch(ifMatch));
    return answerTransfer(patched, response);
  }

  @DeleteEndpoint(':id', {
    summary: 'Put a file, or a folder with all that is in it, into the trash',
    description:
      'Its drive keeps it there for 30 days, or as its settings say. permanent=1 deletes it for good. With a token, more than 1,000 entries at once need confirm=many.',
    access: 'files:write',
    response: null,
    status: 204,
    problems: {
      403: ['drives.read_only', 'drives.forbidden'],
      404: ['files.not_found'],
      409: [
        'files.root_unchangeable',
        'files.not_a_file',
        'files.is_mount',
        'files.unreadable',
        'files.many_unconfirmed',
        'drives.other_filesystem',
      ],
      412: ['files.stale'],
      423: ['files.busy'],
      503: ['drives.offline'],
      507: ['drives.full'],
    },
  })
  @ApiHeader(IF_MATCH)
  async deleteFile(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Headers('if-match') ifMatch: string | undefined,
    @Query({ schema: deleteFileQuerySchema }) query: DeleteFileQuery,
  ): Promise<void> {
    await this.trash.delete(actor, id, query, versionsOfIfMatch(ifMatch));
  }
}
