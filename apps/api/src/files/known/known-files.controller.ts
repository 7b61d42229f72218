import {
  type KnownFiles,
  knownFilesQuerySchema,
  type KnownFilesQuery,
  knownFilesSchema,
} from '@homeserver/dto';
import { Controller, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { GetEndpoint } from '../../platform/http/endpoint.decorator';
import { KnownFilesService } from './known-files.service';

@ApiTags('Files')
@Controller('api/v1/files')
export class KnownFilesController {
  constructor(private readonly known: KnownFilesService) {}

  @GetEndpoint('known', {
    summary: 'Files that may be one that you are about to send',
    description:
      'Files of this size, and of this name where one is given, on the drives that you may see. Compare their `sha256` with that of yours: what is there already can be copied instead. Below 1 MiB nothing is found but within a folder.',
    access: 'files:read',
    response: knownFilesSchema,
    problems: { 404: ['files.not_found'] },
  })
  async listKnownFiles(
    @CurrentActor() actor: Actor,
    @Query({ schema: knownFilesQuerySchema }) query: KnownFilesQuery,
  ): Promise<KnownFiles> {
    return this.known.find(actor, query);
  }
}
