import { Injectable } from '@nestjs/common';

import { type DriveStorage, DrivesService } from '../../drives';
import type { UnfinishedEntry } from '../entries/entry';
import { EntryLease } from '../entries/entry-lease';
import { EntryWrites } from '../entries/entry-writes.service';
import { UnfinishedRepository } from '../recovery/unfinished.repository';

/** What entries leave behind that were moved to another drive. */
@Injectable()
export class FormerPlaces {
  constructor(
    private readonly unfinished: UnfinishedRepository,
    private readonly drives: DrivesService,
    private readonly writes: EntryWrites,
    private readonly lease: EntryLease,
  ) {}

  /** Removes what was left behind, under the row that stands for it. The drive is online. */
  async remove(former: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    if (former.kind === 'folder') {
      // What is in it by now came from outside, or was left out: it stays, and is a new folder for the index.
      await storage.removeEmptyFolder(former.storagePath);
    } else if (await isStillThere(former, storage)) {
      await storage.remove(former.storagePath);
    }
    await this.writes.finishDelete(former.id, null);
  }

  /** The same right after the move, which is done in any case: where this fails, recovery does it. */
  async removeQuietly(id: string): Promise<void> {
    try {
      const former = await this.unfinished.find(id);
      if (former?.state !== 'deleting') return;
      const drive = await this.drives.find(former.driveId);
      await this.lease.hold(id, () => this.remove(former, drive.storage));
    } catch {
      // The row says what is still to be done.
    }
  }
}

/** Whether what an entry has left behind is still as it was copied: what somebody wrote there since is theirs. */
async function isStillThere(former: UnfinishedEntry, storage: DriveStorage): Promise<boolean> {
  const found = await storage.look(former.storagePath);
  return (
    found !== null &&
    found.kind === (former.nature === 'link' ? 'link' : 'file') &&
    found.modifiedAt.getTime() === former.modifiedAt.getTime()
  );
}
