import type { DriveGrants, ReplaceGrants } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Actor } from '../platform/access/actor';
import { EventTransactions } from '../platform/events/event-transactions';
import { DriveGrantsRepository, type GrantRow } from './drive-grants.repository';
import { GrantToUnknownError, OwnerAccessError } from './drives.errors';
import type { DriveRow } from './drives.repository';
import { DrivesService } from './drives.service';

/** Who may do what on a drive, for administrators. */
@Injectable()
export class DriveGrantsService {
  constructor(
    private readonly repository: DriveGrantsRepository,
    private readonly drives: DrivesService,
    private readonly transactions: EventTransactions,
  ) {}

  /** Every user once. @throws DriveNotFoundError */
  async read(driveId: string): Promise<DriveGrants> {
    await this.find(driveId);
    return toGrants(await this.repository.list(driveId));
  }

  /**
   * Whoever is not named gets nothing, but for the owner of a personal drive.
   * @throws DriveNotFoundError, GrantToUnknownError, OwnerAccessError
   */
  async replace(actor: Actor, driveId: string, { items }: ReplaceGrants): Promise<DriveGrants> {
    const drive = await this.find(driveId);
    return this.transactions.run(async ({ manager, record }) => {
      await this.repository.lock(driveId, manager);
      const before = await this.repository.list(driveId, manager);
      for (const { userId, username, access } of wishedGrants(before, items, drive)) {
        await this.repository.set(userId, driveId, access, manager);
        await record({
          type: 'homeserver.drive.granted',
          subject: `drives/${driveId}`,
          driveId: null,
          audience: 'administrators',
          cause: actor,
          data: { driveName: drive.name, username, access },
        });
      }
      return toGrants(await this.repository.list(driveId, manager));
    });
  }

  private async find(driveId: string): Promise<DriveRow> {
    return this.drives.find(driveId);
  }
}

/** What has to change, of all users. */
function wishedGrants(
  before: readonly GrantRow[],
  items: ReplaceGrants['items'],
  { ownerId }: DriveRow,
): GrantRow[] {
  const known = new Set(before.map(({ userId }) => userId));
  items.forEach(({ userId, access }, index) => {
    if (!known.has(userId)) throw new GrantToUnknownError(`#/items/${index}/userId`);
    if (userId === ownerId && access !== 'write')
      throw new OwnerAccessError(`#/items/${index}/access`);
  });
  const wished = new Map(items.map(({ userId, access }) => [userId, access]));
  if (ownerId !== null) wished.set(ownerId, 'write');
  return before.flatMap((row) => {
    const access = wished.get(row.userId) ?? 'none';
    return access === row.access ? [] : [{ ...row, access }];
  });
}

function toGrants(rows: readonly GrantRow[]): DriveGrants {
  return { items: rows.map(({ userId, access }) => ({ userId, access })) };
}
