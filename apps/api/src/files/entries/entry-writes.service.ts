import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import {
  ContentMissingError,
  DriveOfflineError,
  PathTakenError,
  type ServedDrive,
  type StoredFile,
} from '../../drives';
import type { Cause } from '../../platform/access/actor';
import { EventTransactions } from '../../platform/events/event-transactions';
import {
  FileBusyError,
  FileNotFoundError,
  FolderBusyError,
  NameTakenError,
  StaleVersionError,
} from '../files.errors';
import { type Destination, EntriesRepository } from './entries.repository';
import type { Entry } from './entry';
import { EntryLease } from './entry-lease';
import { EntryRecords, eventOf, requireParent } from './entry-records.service';
import { FolderTree } from './folder-tree.repository';
import { committedFile, type NewEntry, type NewFile } from './new-entry';
import { patiently } from './patience';
import { PlainCommitsRepository } from './plain-commits.repository';
import { endOfCommit, endOfDelete, endOfMove } from './write-end';

/** What else belongs to the last step of a commit, in its transaction. */
export type Alongside = (entry: Entry, manager: EntityManager) => Promise<void>;

/** Where an entry is to be, its tags where they are replaced too, and who moves it. */
export interface Move {
  readonly to: Destination;
  readonly tags: string[] | null;
  readonly cause: Cause | null;
}

/** A folder may be renamed outside, over and over; a write does not run after it for ever. */
const FOLLOWED_TIMES = 3;

/**
 * The write protocol: each change of bytes or names first leaves its intent in the database, then takes
 * one atomic step on the drive, then is made final with its event. A crash between any two of these is
 * finished or undone by recovery. This is the protocol of files and links; that of folders is in FolderWrites.
 */
@Injectable()
export class EntryWrites {
  constructor(
    private readonly repository: EntriesRepository,
    private readonly plainCommits: PlainCommitsRepository,
    private readonly records: EntryRecords,
    private readonly transactions: EventTransactions,
    private readonly lease: EntryLease,
    private readonly tree: FolderTree,
  ) {}

  /**
   * Gives staged bytes their name.
   * @throws NameTakenError when the name is taken, in the index or on the drive; the bytes stay staged
   */
  async commit(
    drive: ServedDrive,
    entry: NewFile,
    cause: Cause | null,
    alongside?: Alongside,
  ): Promise<Entry> {
    const { storage } = drive;
    const isPlain =
      alongside === undefined && entry.moves === undefined && entry.corruptedAt === null;
    const committed = await this.lease.hold(entry.id, async () => {
      await this.take(drive, entry, async (path) => {
        await (isPlain
          ? storage.publishAndUnstage(entry.stagedName, path)
          : storage.publish(entry.stagedName, path));
        return null;
      });
      return isPlain
        ? this.finishPlainCommit(entry, drive.id, cause)
        : this.finishCommit(entry.id, cause, null, alongside);
    });
    // It is done: a staged name that stays is removed by recovery.
    if (!isPlain) await storage.removeStaged(entry.stagedName).catch(() => undefined);
    return committed;
  }

  /**
   * Makes an entry by one step on the drive, between its intent and its end.
   * @param step is given the path; resolves to what it made where that was not known before
   * @throws NameTakenError, FolderBusyError; FileNotFoundError when the folder is gone
   */
  async make(
    drive: ServedDrive,
    entry: NewEntry,
    cause: Cause | null,
    step: (path: string) => Promise<StoredFile | null>,
  ): Promise<Entry> {
    return this.lease.hold(entry.id, async () => {
      const made = await this.take(drive, entry, step);
      return this.finishCommit(entry.id, cause, made);
    });
  }

  /** The last step of a commit; recovery takes it too. @throws FileNotFoundError when the row is gone */
  async finishCommit(
    id: string,
    cause: Cause | null,
    made: StoredFile | null = null,
    alongside?: Alongside,
  ): Promise<Entry> {
    return this.transactions.run(async (transaction) => {
      const entry = await this.repository.finishCommit(id, made, transaction.manager);
      if (entry === null) throw new FileNotFoundError();
      await alongside?.(entry, transaction.manager);
      await this.records.note(transaction, cause, endOfCommit(entry));
      return entry;
    });
  }

  /** The same of a new file with which nothing else happens, by one statement. */
  private async finishPlainCommit(
    entry: NewFile,
    driveId: string,
    cause: Cause | null,
  ): Promise<Entry> {
    const told = eventOf({ what: 'created', entry: committedFile(entry, driveId, '') }, cause);
    const path = await this.plainCommits.finish(entry.id, told);
    if (path === null) throw new FileNotFoundError();
    this.transactions.wake();
    return committedFile(entry, driveId, path);
  }

  /**
   * Renames or moves a file within its drive, replacing nothing.
   * @throws NameTakenError, StaleVersionError, FileBusyError
   */
  async move(drive: ServedDrive, entry: Entry, { to, ...change }: Move): Promise<Entry> {
    return this.lease.hold(entry.id, async () => {
      const { fromPath, toPath } = await patiently(async () => {
        const begun = await this.repository.beginMove(entry, to, this.lease.holder);
        if (begun === null) throw await this.reasonOfRefusal(entry, to.parentId);
        return begun;
      });
      const from = { parentId: requireParent(entry), filename: entry.filename };
      try {
        await drive.storage.move(fromPath, toPath);
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
    from: Destination,
    { tags, cause }: Omit<Move, 'to'>,
  ): Promise<Entry> {
    return this.transactions.run(async (transaction) => {
      const { manager } = transaction;
      const finished = await this.repository.finishMove(
        id,
        { fromId: from.parentId, tags },
        manager,
      );
      if (finished === null) throw new FileNotFoundError();
      const { entry, isTrashed, isRestored } = finished;
      if (entry.kind === 'folder' && (isTrashed || isRestored))
        await this.takeAlongBelow(entry, isTrashed, manager);
      await this.records.note(transaction, cause, endOfMove(finished, from));
      return entry;
    });
  }

  /** @throws StaleVersionError, FileBusyError */
  async replaceTags(entry: Entry, tags: string[], cause: Cause): Promise<Entry> {
    return this.transactions.run(async (transaction) => {
      const changed = await this.repository.updateTags(entry, tags, transaction.manager);
      if (changed === null) throw await this.reasonOfChange(entry);
      await this.records.tell(transaction, cause, { what: 'changed', entry: changed });
      return changed;
    });
  }

  /** Removes a file for good. @throws StaleVersionError, FileBusyError */
  async delete(drive: ServedDrive, entry: Entry, cause: Cause | null): Promise<void> {
    return this.lease.hold(entry.id, async () => {
      const path = await patiently(async () => {
        const begun = await this.repository.beginDelete(entry, this.lease.holder);
        if (begun === null) throw await this.reasonOfRefusal(entry, requireParent(entry));
        return begun;
      });
      try {
        await drive.storage.remove(path);
      } catch (error) {
        if (!isUncertain(error)) await this.repository.undoDelete(entry.id);
        throw error;
      }
      await this.finishDelete(entry.id, cause);
    });
  }

  /** The last step of a deletion; recovery takes it too. */
  async finishDelete(id: string, cause: Cause | null): Promise<void> {
    await this.transactions.run(async (transaction) => {
      const deleted = await this.repository.finishDelete(id, transaction.manager);
      if (deleted !== null) await this.records.note(transaction, cause, endOfDelete(deleted));
    });
  }

  /** Why a change was refused of an entry, or of the folder that it goes to. */
  async reasonOfRefusal(entry: Entry, folderId: string): Promise<Error> {
    const reason = await this.reasonOfChange(entry);
    if (!(reason instanceof StaleVersionError)) return reason;
    const found = await this.repository.findState(entry.id);
    if (found?.version !== entry.version) return reason;
    const reasons = await Promise.all(
      [requireParent(entry), folderId].map((id) =>
        this.repository.reasonNotToHold(id, entry.driveId),
      ),
    );
    return reasons.find((one) => !(one instanceof FolderBusyError)) ?? new FolderBusyError();
  }

  /**
   * The intent, and the step on the drive; the intent is undone where the step was not taken. Whoever does not go on
   * by `finishCommit` holds the lease.
   * @throws as `make`
   */
  async take(
    drive: ServedDrive,
    entry: NewEntry,
    step: (path: string) => Promise<StoredFile | null>,
  ): Promise<StoredFile | null> {
    for (let attempt = 1; ; attempt += 1) {
      const path = await patiently(() =>
        this.repository.insertCommitting(entry, drive.id, this.lease.holder),
      );
      try {
        return await step(path);
      } catch (error) {
        if (!isUncertain(error)) await this.repository.deleteCommitting(entry.id);
        if (error instanceof PathTakenError) throw new NameTakenError(entry.filename);
        if (!(error instanceof ContentMissingError)) throw error;
        // The folder was renamed outside, and the index may have learned of it meanwhile; or it is gone.
        if (attempt === FOLLOWED_TIMES) throw new FileNotFoundError();
      }
    }
  }

  private async takeAlongBelow(
    { id }: Entry,
    isTrashed: boolean,
    manager: EntityManager,
  ): Promise<void> {
    if (isTrashed) await this.tree.trashBelow(id, manager);
    else await this.tree.restoreBelow(id, manager);
  }

  /** Why an entry is not what the caller took it for. */
  private async reasonOfChange(entry: Entry): Promise<Error> {
    const found = await this.repository.findState(entry.id);
    if (found === null || found.state === 'deleting' || found.state === 'missing')
      return new FileNotFoundError();
    // One that is wanted as it lies in the trash says where it lies.
    if (found.state === 'trashed' && found.parentId !== entry.parentId)
      return new FileNotFoundError();
    return ['live', 'trashed'].includes(found.state)
      ? new StaleVersionError()
      : new FileBusyError();
  }
}

/** A disk that fails may have done the step or not: recovery looks when it is back. */
export function isUncertain(error: unknown): boolean {
  return error instanceof DriveOfflineError;
}
