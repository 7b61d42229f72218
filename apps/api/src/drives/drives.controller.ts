import {
  type DriveGrants,
  driveGrantsSchema,
  type DrivePage,
  drivePageSchema,
  idSchema,
  type ListDrivesQuery,
  listDrivesQuerySchema,
  type ReplaceGrants,
  replaceGrantsSchema,
} from '@homeserver/dto';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../platform/access/access.decorator';
import { requireScope } from '../platform/access/access.policy';
import type { Actor } from '../platform/access/actor';
import { GetEndpoint, PutEndpoint } from '../platform/http/endpoint.decorator';
import { DriveAccess } from './drive-access.service';
import { DriveGrantsService } from './drive-grants.service';

@ApiTags('Drives')
@Controller('api/v1/drives')
export class DrivesController {
  constructor(
    private readonly drives: DriveAccess,
    private readonly grants: DriveGrantsService,
  ) {}

  @GetEndpoint('', {
    summary: 'The drives that you may see, the default one first',
    access: 'files:read',
    response: drivePageSchema,
  })
  async listDrives(
    @CurrentActor() actor: Actor,
    @Query({ schema: listDrivesQuerySchema }) { all }: ListDrivesQuery,
  ): Promise<DrivePage> {
    if (all === '1') requireScope(actor, 'admin');
    const items = await (all === '1'
      ? this.drives.describeAll(actor)
      : this.drives.describe(actor));
    return { items, nextCursor: null, total: items.length };
  }

  @GetEndpoint(':id/grants', {
    summary: 'Who may do what on a drive',
    access: 'admin',
    response: driveGrantsSchema,
    problems: { 404: ['drives.not_found'] },
  })
  async readGrants(@Param('id', { schema: idSchema }) id: string): Promise<DriveGrants> {
    return this.grants.read(id);
  }

  @PutEndpoint(':id/grants', {
    summary: 'Say who may do what on a drive',
    description:
      'Whoever is not named may do nothing there, but for the owner of a personal drive.',
    access: 'admin',
    response: driveGrantsSchema,
    problems: {
      404: ['drives.not_found'],
      422: ['drives.unknown_user', 'drives.owner_keeps_access'],
    },
  })
  async replaceGrants(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: replaceGrantsSchema }) body: ReplaceGrants,
  ): Promise<DriveGrants> {
    return this.grants.replace(actor, id, body);
  }
}
