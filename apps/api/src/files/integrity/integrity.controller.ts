import {
  type CorruptedPage,
  corruptedPageSchema,
  idSchema,
  type Job,
  jobSchema,
  type ListCorruptedQuery,
  listCorruptedQuerySchema,
} from '@homeserver/dto';
import { Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { GetEndpoint, PostEndpoint } from '../../platform/http/endpoint.decorator';
import { IntegrityService } from './integrity.service';

@ApiTags('Files')
@Controller('api/v1')
export class IntegrityController {
  constructor(private readonly integrity: IntegrityService) {}

  @GetEndpoint('files/corrupted', {
    summary: 'Files whose bytes are no longer those that were stored',
    description:
      'On all drives that you may see, or on one, and in their trash; what was found last comes first. The bytes stay as they are. A file that is changed, replaced, or read and found to be right again, is none of them any more.',
    access: 'files:read',
    response: corruptedPageSchema,
    problems: { 404: ['drives.not_found'] },
  })
  async listCorrupted(
    @CurrentActor() actor: Actor,
    @Query({ schema: listCorruptedQuerySchema }) query: ListCorruptedQuery,
  ): Promise<CorruptedPage> {
    return this.integrity.list(actor, query);
  }

  @PostEndpoint('files/:id/verification', {
    summary: 'Read a file now, and compare its bytes with its SHA-256',
    access: 'files:write',
    response: jobSchema,
    status: 202,
    problems: {
      404: ['files.not_found'],
      409: ['files.not_a_file'],
      503: ['drives.offline'],
    },
  })
  async verifyFile(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<Job> {
    return this.integrity.verifyFile(actor, id);
  }

  @PostEndpoint('drives/:id/verification', {
    summary: 'Read all files of a drive now, and compare their bytes with their SHA-256',
    description: 'As it is done once a month in any case, and as slowly.',
    access: 'admin',
    response: jobSchema,
    status: 202,
    problems: { 404: ['drives.not_found'], 503: ['drives.offline'] },
  })
  async verifyDrive(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<Job> {
    return this.integrity.verifyDrive(actor, id);
  }
}
