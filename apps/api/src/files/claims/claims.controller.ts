import {
  type ClaimFile,
  claimFileSchema,
  type ClaimList,
  claimListSchema,
  type FileMetadata,
  fileMetadataSchema,
  idSchema,
} from '@homeserver/dto';
import { Body, Controller, Param, Res } from '@nestjs/common';
import { ApiHeader, ApiTags } from '@nestjs/swagger';
import type { Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { GetEndpoint, PostEndpoint } from '../../platform/http/endpoint.decorator';
import { metadataTag, versionsOfIfMatch } from '../entries/entity-tag';
import { ClaimsService } from './claims.service';

@ApiTags('Files')
@Controller('api/v1/files')
export class ClaimsController {
  constructor(private readonly claims: ClaimsService) {}

  @GetEndpoint(':id/claims', {
    summary: 'The missing files that this file may be',
    description:
      'Of the same drive, with the same content, name, or size and time; the file came not earlier than a day before they were missed. For those who may write there.',
    access: 'files:write',
    response: claimListSchema,
    problems: { 404: ['files.not_found'], 409: ['files.not_a_file'] },
  })
  async listClaims(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<ClaimList> {
    return this.claims.list(actor, id);
  }

  @PostEndpoint(':id/claims', {
    summary: 'Say that this file is a missing one of the same drive',
    description:
      'The missing one takes its place, with its own id, upload date and tags, to which those of the file are added; the id of the file is gone.',
    access: 'files:write',
    response: fileMetadataSchema,
    problems: {
      404: ['files.not_found', 'files.missing_not_found'],
      409: ['files.not_a_file', 'files.not_missing', 'files.too_many_tags'],
      412: ['files.stale'],
      423: ['files.busy'],
    },
  })
  @ApiHeader({
    name: 'If-Match',
    description: 'The version of the file that you have seen, as "v3"',
    required: false,
  })
  async claimFile(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: claimFileSchema }) { missingId }: ClaimFile,
    @Res({ passthrough: true }) response: Response,
  ): Promise<FileMetadata> {
    const ifMatch = versionsOfIfMatch(response.req.get('if-match'));
    const restored = await this.claims.claim(actor, id, missingId, ifMatch);
    response.setHeader('ETag', metadataTag(restored.version));
    return restored;
  }
}
