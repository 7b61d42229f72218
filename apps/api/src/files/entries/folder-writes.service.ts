import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { PathTakenError, type ServedDrive } from '../../drives';
import type { Cause } from '../../platform/access/actor';
import { EventTransactions } from '../../platform/events/event-transactions';
import { JobsService } from '../../platform/jobs/jobs.service';
import { FolderBusyError, IntoItselfError, NameTakenError } from '../files.errors';
import { type BegunMove, type Destination, EntriesRepository } from './entries.repository';
import { type Entry, toFileMetadata } from './entry';
import { EntryLease } from './entry-lease';
import { EntryRecords, requireParent } from './entry-records.service';
import { EntryWrites, isUncertain, type Move } from './entry-writes.service';
import { FolderTree } from './folder-tree.repository';
import type { NewEntry } from './new-entry';
import { patiently } from './patience';

/** What the job needs that removes the bytes of a deleted folder. */
export interface RemovalInput {
  readonly driveId: string;
  readonly discardedName: string;
}

/**
 * The write protocol of folders. A folder is not moved or deleted while something below it is in the middle of a
 * write, and nothing begins to be written below one that is: see FolderTree. What is below keeps its ids: paths are
 * derived, so its rows do not change.
 */
@Injectable()
export class FolderWrites {
  constructor(
    private readonly repository: EntriesRepository,
    private readonly tree: FolderTree,
    private readonly writes: EntryWrites,
    private readonly records: EntryRecords,
    private readonly transactions: EventTransactions,
    private readonly lease: EntryLease,
    private readonly jobs: JobsService,
  ) {}

  /** @throws NameTakenError when the name is taken, in the index or on the drive */
  async create(drive: ServedDrive, folder: NewEntry, cause: Cause | null): Promise<Entry> {
    return this.writes.make(drive, folder, cause, (path) => drive.storage.makeFolder(path));
  }

  /**
   * Renames or moves a folder within its drive, with all that is in it, replacing nothing.
   * @throws NameTakenError, IntoItselfError, StaleVersionError, FileBusyError
   */
  async move(drive: ServedDrive, entry: Entry, { to, ...change }: Move): Promise<Entry> {
    return this.lease.hold(entry.id, async () => {
      const { fromPath, toPath } = await patiently(() => this.beginMove(entry, to));
      const from = { parentId: requireParent(entry), filename: entry.filename };
      try {
        await drive.storage.moveFolder(fromPath, toPath);
      } catch (error) {
        if (!isUncertain(error)) await this.undoMove(entry, from);
        throw error instanceof PathTakenError ? new NameTakenError(to.filename) : error;
      }
      return this.writes.finishMove(entry.id, from, change);
    });
  }

  /**
   * Undoes the first step of a move that the drive refused; recovery does it too. What is below counts for the folders
   * above again that it has by that.
   */
  async undoMove({ id, driveId }: Entry, from: Destination): Promise<void> {
    await this.transactions.run(async ({ manager }) => {
      await this.records.lockTotals(driveId, manager);
      const place = await this.repository.findState(id, manager);
      const entry = await this.repository.undoMove(id, from, manager);
      if (entry === null || place === null || place.parentId === from.parentId) return;
      await this.records.count({ ...entry, parentId: place.parentId }, -1, manager);
      await this.records.count(entry, 1, manager);
    });
  }

  /**
   * Removes a folder for good, with all that is in it: at once for people, its bytes in the background.
   * @throws StaleVersionError, FileBusyError
   */
  async delete(drive: ServedDrive, entry: Entry, cause: Cause | null): Promise<void> {
    await this.lease.hold(entry.id, async () => {
      const path = await patiently(() => this.beginDelete(entry));
      try {
        await drive.storage.discardFolder(path, entry.id);
      } catch (error) {
        if (!isUncertain(error)) await this.repository.undoDelete(entry.id);
        throw error;
      }
      await this.finishDelete(entry, cause);
    });
  }

  /** The last step of a deletion; recovery takes it too. */
  async finishDelete({ id, driveId }: Entry, cause: Cause | null): Promise<void> {
    await this.transactions.run(async (transaction) => {
      const { manager } = transaction;
      await this.records.lockTotals(driveId, manager);
      await this.tree.deleteBelow(id, manager);
      const deleted = await this.repository.finishDelete(id, manager);
      if (deleted === null) return;
      const { entry } = deleted;
      await this.records.count(entry, -1, manager);
      await this.records.tell(transaction, cause, { what: 'deleted', entry });
      const input: RemovalInput = { driveId, discardedName: id };
      const job = {
        kind: 'delete' as const,
        title: `Removal of “${toFileMetadata(entry).filename}”`,
        driveId,
        userId: cause?.userId ?? null,
        input,
        unit: 'entries' as const,
        total: (entry.fileCount ?? 0) + (entry.folderCount ?? 0) + 1,
      };
      await this.jobs.enqueue(job, manager);
    });
    this.jobs.wake();
  }

  private async beginMove(entry: Entry, to: Destination): Promise<BegunMove> {
    const begun = await this.transactions.run(async ({ manager }) => {
      await this.tree.lock(entry.driveId, manager);
      if (await this.tree.isIn(to.parentId, entry.id, manager)) throw new IntoItselfError();
      await this.requireRestBelow(entry, manager);
      await this.records.lockTotals(entry.driveId, manager);
      const move = await this.repository.beginMove(entry, to, this.lease.holder, manager);
      if (move !== null && to.parentId !== entry.parentId) {
        await this.records.count({ ...move.entry, parentId: entry.parentId }, -1, manager);
        await this.records.count(move.entry, 1, manager);
      }
      return move;
    });
    if (begun === null) throw await this.writes.reasonOfRefusal(entry, to.parentId);
    return begun;
  }

  private async beginDelete(entry: Entry): Promise<string> {
    const path = await this.transactions.run(async ({ manager }) => {
      await this.tree.lock(entry.driveId, manager);
      await this.requireRestBelow(entry, manager);
      return this.repository.beginDelete(entry, this.lease.holder, manager);
    });
    if (path === null) throw await this.writes.reasonOfRefusal(entry, requireParent(entry));
    return path;
  }

  private async requireRestBelow({ id }: Entry, manager: EntityManager): Promise<void> {
    if (await this.tree.isBusyBelow(id, manager)) throw new FolderBusyError();
  }
}
