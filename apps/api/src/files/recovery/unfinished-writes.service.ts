import { Injectable } from '@nestjs/common';

import type { DriveStorage, ServedDrive } from '../../drives';
import { FormerPlaces } from '../copies/former-places.service';
import type { UnfinishedEntry } from '../entries/entry';
import { FolderWrites } from '../entries/folder-writes.service';
import { GatheredEnds } from './gathered-ends.service';
import { UnfinishedCommits } from './unfinished-commits.service';
import { UnfinishedMoves } from './unfinished-moves.service';
import { UnfinishedReplacements } from './unfinished-replacements.service';

/** What becomes of a write that nobody is busy with: what the drive shows decides whether it is finished or undone. */
@Injectable()
export class UnfinishedWrites {
  constructor(
    private readonly commits: UnfinishedCommits,
    private readonly moves: UnfinishedMoves,
    private readonly replacements: UnfinishedReplacements,
    private readonly former: FormerPlaces,
    private readonly ends: GatheredEnds,
    private readonly folders: FolderWrites,
  ) {}

  /** Finishes or undoes the write that an entry is in. The drive is online. */
  async settle(entry: UnfinishedEntry, drive: ServedDrive): Promise<void> {
    switch (entry.state) {
      case 'committing':
        return this.commits.settle(entry, drive);
      case 'moving':
        return this.moves.settle(entry, drive);
      case 'deleting':
        return this.settleDelete(entry, drive.storage);
      case 'replacing':
        return this.replacements.settle(entry, drive);
    }
  }

  private async settleDelete(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    if (entry.movesId !== null) return this.former.remove(entry, storage);
    if (entry.kind === 'file') {
      await storage.remove(entry.storagePath, 'again');
      return this.ends.finishDelete(entry.id);
    }
    // What bears its name after that is another folder.
    if (!(await storage.listDiscarded()).includes(entry.id))
      await storage.discardFolder(entry.storagePath, entry.id);
    return this.folders.finishDelete(entry, null);
  }
}
