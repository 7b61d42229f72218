import {
  type Drive,
  type DrivePage,
  drivePageSchema,
  driveSchema,
  idSchema,
  type ListDrivesQuery,
  listDrivesQuerySchema,
  type NewDrive,
  newDriveSchema,
  type PatchDrive,
  patchDriveSchema,
} from '@homeserver/dto';
import { Body, Controller, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../platform/access/access.decorator';
import { requireScope } from '../platform/access/access.policy';
import type { Actor } from '../platform/access/actor';
import {
  DeleteEndpoint,
  GetEndpoint,
  PatchEndpoint,
  PostEndpoint,
} from '../platform/http/endpoint.decorator';
import { DriveAccess } from './drive-access.service';
import { DriveAdministration } from './drive-administration.service';

const OWNER_PROBLEMS = ['drives.unknown_owner', 'drives.owner_not_possible'];

@ApiTags('Drives')
@Controller('api/v1/drives')
export class DrivesController {
  constructor(
    private readonly drives: DriveAccess,
    private readonly administration: DriveAdministration,
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

  @PostEndpoint('', {
    summary: 'Add a folder, or a mounted disk, as a drive',
    description:
      'Files stay as they are. A drive that is written to gets a folder `.homeserver`, which bears its id; one that bears an id which is not known here keeps it. All administrators may use it at once.',
    access: 'admin',
    response: driveSchema,
    status: 201,
    problems: {
      403: ['accounts.confirm_required'],
      409: ['drives.name_taken', 'drives.known', 'drives.being_forgotten'],
      422: [
        'drives.root_not_absolute',
        'drives.root_missing',
        'drives.root_not_a_folder',
        'drives.root_unreadable',
        'drives.root_forbidden',
        'drives.root_is_data',
        'drives.root_overlaps',
        'drives.root_not_writable',
        ...OWNER_PROBLEMS,
      ],
      507: ['drives.full'],
    },
  })
  async addDrive(
    @CurrentActor() actor: Actor,
    @Body({ schema: newDriveSchema }) body: NewDrive,
  ): Promise<Drive> {
    return this.administration.add(actor, body);
  }

  @PatchEndpoint(':id', {
    summary: 'Change how a drive is served',
    access: 'admin',
    response: driveSchema,
    problems: {
      403: ['accounts.confirm_required'],
      404: ['drives.not_found'],
      409: ['drives.name_taken', 'drives.is_default', 'drives.is_personal'],
      422: ['drives.root_not_writable', ...OWNER_PROBLEMS],
      503: ['drives.offline'],
    },
  })
  async changeDrive(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
    @Body({ schema: patchDriveSchema }) body: PatchDrive,
  ): Promise<Drive> {
    return this.administration.change(actor, id, body);
  }

  @DeleteEndpoint(':id', {
    summary: 'Forget a drive',
    description:
      'No file is deleted. What people said about its files, their tags and shares, is forgotten, too.',
    access: 'admin',
    response: null,
    status: 204,
    problems: {
      403: ['accounts.confirm_required'],
      404: ['drives.not_found'],
      409: ['drives.is_default', 'drives.is_personal'],
    },
  })
  async forgetDrive(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<void> {
    await this.administration.forget(actor, id);
  }
}
