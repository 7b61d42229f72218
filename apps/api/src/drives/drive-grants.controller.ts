import {
  type DriveGrants,
  driveGrantsSchema,
  idSchema,
  type ReplaceGrants,
  replaceGrantsSchema,
} from '@homeserver/dto';
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../platform/access/access.decorator';
import type { Actor } from '../platform/access/actor';
import { GetEndpoint, PutEndpoint } from '../platform/http/endpoint.decorator';
import { DriveGrantsService } from './drive-grants.service';

@ApiTags('Drives')
@Controller('api/v1/drives/:id/grants')
export class DriveGrantsController {
  constructor(private readonly grants: DriveGrantsService) {}

  @GetEndpoint('', {
    summary: 'Who may do what on a drive',
    access: 'admin',
    response: driveGrantsSchema,
    problems: { 404: ['drives.not_found'] },
  })
  async readGrants(@Param('id', { schema: idSchema }) id: string): Promise<DriveGrants> {
    return this.grants.read(id);
  }

  @PutEndpoint('', {
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
