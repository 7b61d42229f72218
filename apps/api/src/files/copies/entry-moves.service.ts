import { Injectable } from '@nestjs/common';

import { ContentMissingError, type DriveStorage, type ServedDrive } from '../../drives';
import type { Cause } from '../../platform/access/actor';
import { EntriesRepository } from '../entries/entries.repository';
import type { Entry } from '../entries/entry';
import { EntryLease } from '../entries/entry-lease';
import { EntryWrites } from '../entries/entry-writes.service';
import { newFile, newLink, type NewEntry, type NewPlace } from '../entries/new-entry';
import { StaleVersionError } from '../files.errors';
import { CopiedTree } from './copied-tree.repository';
import { Exchanges, type FileExchange } from './exchanges.service';
import { type CopyProgress, FileCopier, scanOf, type StagedCopy } from './file-copier.service';

/** Who moves an entry, and what else it gets. */
export interface EntryMove extends CopyProgress {
  readonly cause: Cause | null;
  readonly tags: string[] | null;
}

/** Moves one file, or link, to another drive: see Exchanges. */
@Injectable()
export class EntryMoves {
  constructor(
    private readonly copier: FileCopier,
    private readonly tree: CopiedTree,
    private readonly repository: EntriesRepository,
    private readonly writes: EntryWrites,
    private readonly exchanges: Exchanges,
    private readonly lease: EntryLease,
  ) {}

  /**
   * @param place the id is that of the copy until it is the entry
   * @throws NameTakenError; StaleVersionError when the entry changes while it is copied; ContentMissingError,
   * DriveOfflineError, DriveFullError. In each case it is where it was
   */
  async move(
    entry: Entry,
    { from, to }: { from: ServedDrive; to: ServedDrive },
    place: NewPlace,
    how: EntryMove,
  ): Promise<Entry> {
    return this.lease.hold(place.id, async () => {
      if (entry.nature === 'link') return this.moveLink(entry, { from, to }, place, how);
      const copy = await this.copier.stage(entry, to, place.id, how);
      try {
        const draft = newFile(place, copy.staged, {
          ...entry,
          scan: scanOf(entry, copy.original, copy.staged),
          tags: [],
          uploadedBy: null,
        });
        const path = await this.publish({ ...draft, moves: entry }, to);
        await this.requireUnchanged(entry, from.storage, copy).catch(async (error: unknown) => {
          await this.withdraw(place.id, path, to.storage);
          throw error;
        });
        const formerTime = copy.original.modifiedAt;
        return await this.exchange(place.id, path, to.storage, { ...how, formerTime });
      } finally {
        // What cannot be removed now is found by recovery.
        await to.storage.removeStaged(place.id).catch(() => undefined);
      }
    });
  }

  private async moveLink(
    entry: Entry,
    { from, to }: { from: ServedDrive; to: ServedDrive },
    place: NewPlace,
    how: EntryMove,
  ): Promise<Entry> {
    const original = await from.storage.look(entry.storagePath);
    if (original?.kind !== 'link') throw new ContentMissingError();
    let made = '';
    await this.writes.take(to, { ...newLink(place, entry), moves: entry }, async (path) => {
      made = path;
      return to.storage.makeLink(path, entry.linkTarget ?? '');
    });
    const formerTime = original.modifiedAt;
    return this.exchange(place.id, made, to.storage, { ...how, formerTime });
  }

  private async publish(draft: NewEntry, to: ServedDrive): Promise<string> {
    let published = '';
    await this.writes.take(to, draft, async (path) => {
      published = path;
      await to.storage.publish(draft.stagedName ?? '', path);
      return null;
    });
    return published;
  }

  private async exchange(
    copyId: string,
    path: string,
    storage: DriveStorage,
    how: FileExchange,
  ): Promise<Entry> {
    const moved = await this.exchanges.exchangeFile(copyId, how);
    if (moved !== null) return moved;
    await this.withdraw(copyId, path, storage);
    throw new StaleVersionError();
  }

  /** The copy is not needed: nobody has seen it. */
  private async withdraw(copyId: string, path: string, storage: DriveStorage): Promise<void> {
    await storage.remove(path);
    await this.repository.deleteCommitting(copyId);
  }

  /** Somebody may have written to the original while it was copied. @throws StaleVersionError */
  private async requireUnchanged(
    { id }: Entry,
    storage: DriveStorage,
    { original }: StagedCopy,
  ): Promise<void> {
    const entry = await this.tree.find(id);
    const found = entry === null ? null : await storage.stat(entry.storagePath);
    const isSame =
      found?.size === original.size && found.modifiedAt.getTime() === original.modifiedAt.getTime();
    if (!isSame) throw new StaleVersionError();
  }
}
