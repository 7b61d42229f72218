import { Injectable } from '@nestjs/common';

import { EventTransactions } from '../platform/events/event-transactions';
import { isCertainlySame } from './drive-identity';
import { findRoot, type FoundRoot } from './drive-root.adapter';
import { DriveRoots } from './drive-roots.service';
import { DriveRowsRepository } from './drive-rows.repository';
import { DriveElsewhereError } from './drives.errors';
import { type DriveRow, DrivesRepository } from './drives.repository';
import { DrivesService } from './drives.service';

/** Tells which drive the configuration means, also where its disk is mounted elsewhere than it was. */
@Injectable()
export class DriveRelocation {
  constructor(
    private readonly drives: DrivesService,
    private readonly roots: DriveRoots,
    private readonly repository: DrivesRepository,
    private readonly rows: DriveRowsRepository,
    private readonly transactions: EventTransactions,
  ) {}

  /**
   * The drive that lies at a path; else the one of the name, whose disk is found at the path now.
   * @returns null when there is neither
   * @throws DriveElsewhereError (409) when the drive of the name lies elsewhere
   */
  async findConfigured({ name, path }: { name: string; path: string }): Promise<string | null> {
    const drives = await this.repository.listAll();
    const root = await findRoot(path);
    const place = typeof root === 'string' ? path : root.location.place;
    const atPath = drives.find((drive) => drive.root === place || drive.root === path);
    if (atPath !== undefined) return atPath.id;
    const named = drives.find((drive) => drive.root !== null && drive.name === name);
    if (named === undefined) return null;
    // Its disk is away, and a link that led to it leads nowhere.
    if (root === 'missing' || root === 'unreadable') return named.id;
    if (root === 'not_a_folder' || !isDiskOf(named, root))
      throw new DriveElsewhereError(named.root ?? '');
    await this.relocate(named, path);
    return named.id;
  }

  private async relocate({ id, name }: DriveRow, path: string): Promise<void> {
    const { location, identity } = await this.roots.find(path);
    await this.transactions.run(async ({ manager, record }) => {
      await this.rows.lock(manager);
      const others = (await this.repository.listAll(manager)).filter((drive) => drive.id !== id);
      await this.roots.requireFree({ location, identity, marker: { kind: 'unmarked' } }, others);
      await this.rows.relocate(id, { root: location.place, identity }, manager);
      await record({
        type: 'homeserver.drive.changed',
        subject: `drives/${id}`,
        driveId: null,
        audience: 'administrators',
        cause: null,
        data: { driveName: name },
      });
    });
    await this.drives.serveAll();
  }
}

function isDiskOf(drive: DriveRow, { marker, identity }: FoundRoot): boolean {
  if (marker.kind === 'marked') return marker.id === drive.id;
  return drive.identity !== null && isCertainlySame(drive.identity, identity);
}
