import { Injectable } from '@nestjs/common';

import { DriveOfflineError, FolderTotals, PathTakenError, type ServedDrive } from '../../drives';
import type { Cause } from '../../platform/access/actor';
import { InstanceIdentity } from '../../platform/config/instance-identity.adapter';
import { EventTransactions, type EventTransaction } from '../../platform/events/event-transactions';
import {
  FileBusyError,
  FileNotFoundError,
  NameTakenError,
  StaleVersionError,
} from '../files.errors';
import { type Destination, EntriesRepository, type NewFile } from './entries.repository';
import { type Entry, toFileMetadata } from './entry';
import { EntryLease } from './entry-lease';

/** Where an entry is to be, its tags where they are replaced too, and who moves it. */
export interface Move {
  readonly to: Destination;
  readonly tags: string[] | null;
  readonly cause: Cause | null;
}

/**
 * The write protocol: each change of bytes or names first leaves its intent in the database, then takes
 * one atomic step on the drive, then is made final with its event. A crash between any two of these is
 * finished or undone by recovery.
 */
@Injectable()
export class EntryWrites {
  constructor(
    private readonly repository: EntriesRepository,
    private readonly totals: FolderTotals,
    private readonly transactions: EventTransactions,
    private readonly lease: EntryLease,
    private readonly instance: InstanceIdentity,
  ) {}

  /**
   * Gives staged bytes their name.
   * @throws PathTakenError when the name is taken, in the index or on the drive; the bytes stay staged
   */
  async commit(drive: ServedDrive, entry: NewFile, cause: Cause | null): Promise<Entry> {
    return this.lease.hold(entry.id, async () => {
      const begun = await this.repository.insertCommitting(entry, this.instance.id);
      if (begun === 'taken') throw new PathTakenError(entry.filename);
      if (begun === 'orphaned') throw new FileNotFoundError();
      try {
        await drive.storage.publish(entry.stagedName, entry.storagePath);
      } catch (error) {
        if (!isUncertain(error)) await this.repository.deleteCommitting(entry.id);
        throw error;
      }
      const committed = await this.finishCommit(entry.id, cause);
      // It is done: a staged name that stays is removed by recovery.
      await drive.storage.removeStaged(entry.stagedName).catch(() => undefined);
      return committed;
    });
  }

  /** The last step of a commit; recovery takes it too. @throws FileNotFoundError when the row is gone */
  async finishCommit(id: string, cause: Cause | null): Promise<Entry> {
    return this.transactions.run(async (transaction) => {
      const entry = await this.repository.finishCommit(id, transaction.manager);
      if (entry === null) throw new FileNotFoundError();
      await this.recordTotals(entry, 1, transaction);
      await record(transaction, cause, { what: 'created', entry });
      return entry;
    });
  }

  /**
   * Renames or moves an entry within its drive, replacing nothing.
   * @throws NameTakenError, StaleVersionError, FileBusyError
   */
  async move(drive: ServedDrive, entry: Entry, { to, ...change }: Move): Promise<Entry> {
    return this.lease.hold(entry.id, async () => {
      const begun = await this.repository.beginMove(entry, to, this.instance.id);
      if (begun === 'taken') throw new NameTakenError(to.filename);
      if (begun === 'changed') throw await this.reasonOfChange(entry);
      const from = {
        parentId: requireParent(entry),
        filename: entry.filename,
        storagePath: entry.storagePath,
      };
      try {
        await drive.storage.move(from.storagePath, to.storagePath);
      } catch (error) {
        if (!isUncertain(error)) await this.repository.undoMove(entry.id, from);
        throw error instanceof PathTakenError ? new NameTakenError(to.filename) : error;
      }
      return this.finishMove(entry.id, from, change);
    });
  }

  /** The last step of a move; recovery takes it too. @throws FileNotFoundError when the row is gone */
  async finishMove(
    id: string,
    from: Pick<Destination, 'parentId' | 'filename'>,
    { tags, cause }: Omit<Move, 'to'>,
  ): Promise<Entry> {
    return this.transactions.run(async (transaction) => {
      const entry = await this.repository.finishMove(id, tags, transaction.manager);
      if (entry === null) throw new FileNotFoundError();
      if (entry.parentId !== from.parentId) {
        await this.recordTotals({ ...entry, parentId: from.parentId }, -1, transaction);
        await this.recordTotals(entry, 1, transaction);
      }
      await record(transaction, cause, {
        what: 'moved',
        entry,
        previous: { driveId: entry.driveId, parentId: from.parentId, filename: from.filename },
      });
      return entry;
    });
  }

  /** @throws StaleVersionError, FileBusyError */
  async replaceTags(entry: Entry, tags: string[], cause: Cause): Promise<Entry> {
    return this.transactions.run(async (transaction) => {
      const changed = await this.repository.updateTags(entry, tags, transaction.manager);
      if (changed === null) throw await this.reasonOfChange(entry);
      await record(transaction, cause, { what: 'changed', entry: changed });
      return changed;
    });
  }

  /** Removes a file for good. @throws StaleVersionError, FileBusyError */
  async delete(drive: ServedDrive, entry: Entry, cause: Cause): Promise<void> {
    return this.lease.hold(entry.id, async () => {
      if (!(await this.repository.beginDelete(entry, this.instance.id)))
        throw await this.reasonOfChange(entry);
      try {
        await drive.storage.remove(entry.storagePath);
      } catch (error) {
        if (!isUncertain(error)) await this.repository.undoDelete(entry.id);
        throw error;
      }
      await this.finishDelete(entry, cause);
    });
  }

  /** The last step of a deletion; recovery takes it too. */
  async finishDelete(entry: Entry, cause: Cause | null): Promise<void> {
    await this.transactions.run(async (transaction) => {
      if (!(await this.repository.finishDelete(entry.id, transaction.manager))) return;
      await this.recordTotals(entry, -1, transaction);
      await record(transaction, cause, { what: 'deleted', entry });
    });
  }

  /** Why an entry is not what the caller took it for. */
  private async reasonOfChange(entry: Entry): Promise<Error> {
    const found = await this.repository.findState(entry.id);
    if (found === null || found.state === 'deleting') return new FileNotFoundError();
    return found.state === 'live' ? new StaleVersionError() : new FileBusyError();
  }

  private async recordTotals(
    entry: Entry,
    sign: 1 | -1,
    { manager }: EventTransaction,
  ): Promise<void> {
    const isFile = entry.kind === 'file';
    await this.totals.record(
      {
        driveId: entry.driveId,
        folderId: requireParent(entry),
        childCount: sign,
        fileCount: sign * (entry.fileCount ?? 1),
        folderCount: isFile ? 0 : sign * ((entry.folderCount ?? 0) + 1),
        totalBytes: sign * entry.size,
      },
      manager,
    );
  }
}

/** What is told of a change of an entry. */
interface EntryChange {
  readonly what: 'created' | 'changed' | 'moved' | 'deleted';
  /** As it is after the change; a deleted one as it was. */
  readonly entry: Entry;
  /** Where a moved one was. */
  readonly previous?: {
    readonly driveId: string;
    readonly parentId: string;
    readonly filename: string;
  };
}

async function record(
  transaction: EventTransaction,
  cause: Cause | null,
  { what, entry, ...more }: EntryChange,
): Promise<void> {
  await transaction.record({
    type: `homeserver.file.${what}`,
    subject: `files/${entry.id}`,
    driveId: entry.driveId,
    audience: 'drive',
    cause,
    data: { file: toFileMetadata(entry), ...more },
  });
}

/** A disk that fails may have done the step or not: recovery looks when it is back. */
function isUncertain(error: unknown): boolean {
  return error instanceof DriveOfflineError;
}

/** Every entry but a root has a parent, and a root is never written. */
function requireParent(entry: Entry): string {
  if (entry.parentId === null) throw new Error('The root of a drive has no parent.');
  return entry.parentId;
}
