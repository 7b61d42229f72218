import { Injectable } from '@nestjs/common';

import { PathTakenError, type ServedDrive, type StoredEntry, type StoredFile } from '../../drives';
import type { Cause } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { type EventTransaction, EventTransactions } from '../../platform/events/event-transactions';
import type { Entry, Replacement } from '../entries/entry';
import { EntryLease } from '../entries/entry-lease';
import { EntryRecords, requireParent } from '../entries/entry-records.service';
import { type Alongside, EntryWrites, isUncertain } from '../entries/entry-writes.service';
import type { NewFile } from '../entries/new-entry';
import { patiently } from '../entries/patience';
import { toldOfDamage } from '../entries/write-end';
import { FileNotFoundError, NameTakenError } from '../files.errors';
import { type DamagedVersion, ReplacementsRepository } from './replacements.repository';
import { versionFolder, versionPath } from './version';

/** What is staged for a file, by whom, and what else belongs to the last step. */
export interface NewContent {
  readonly file: NewFile;
  readonly cause: Cause | null;
  readonly alongside?: Alongside | undefined;
}

/**
 * The write protocol of a file that gets another content: the intent in its row, the step on the drive that keeps the
 * former content and gives the staged one its name, then the end with its event. The file keeps its id, its name and
 * its tags.
 */
@Injectable()
export class ReplacementWrites {
  constructor(
    private readonly repository: ReplacementsRepository,
    private readonly writes: EntryWrites,
    private readonly records: EntryRecords,
    private readonly transactions: EventTransactions,
    private readonly lease: EntryLease,
  ) {}

  /**
   * Where it fails the bytes stay staged.
   * @throws StaleVersionError, FileBusyError; FileNotFoundError when it is gone; NameTakenError when something else
   * bears the name on the drive
   */
  async replace(drive: ServedDrive, entry: Entry, content: NewContent): Promise<Entry> {
    return this.lease.hold(entry.id, async () => {
      const { stagedName } = content.file;
      const replacement = toReplacement(content);
      const path = await patiently(async () => {
        const begun = await this.repository.begin(
          entry,
          { stagedName, replacement },
          this.lease.holder,
        );
        if (begun === null) throw await this.writes.reasonOfRefusal(entry, requireParent(entry));
        return begun;
      });
      const place = { path, stagedName, keptPath: versionPath(entry.id, replacement.versionId) };
      const kept = await this.step(drive, entry, place);
      const replaced = await this.finish(entry.id, kept, content);
      // It is done: a staged name that stays is removed by recovery.
      await drive.storage.removeStaged(stagedName).catch(() => undefined);
      return replaced;
    });
  }

  /** The last step; recovery takes it too. @throws FileNotFoundError when the row is in no replacement any more */
  async finish(
    id: string,
    kept: StoredFile | null,
    { cause, alongside }: Omit<NewContent, 'file'>,
  ): Promise<Entry> {
    return this.transactions.run(async (transaction) => {
      const { manager } = transaction;
      const finished = await this.repository.finish(id, kept, manager);
      if (finished === null) throw new FileNotFoundError();
      const { entry, formerSize, damagedVersionId } = finished;
      await alongside?.(entry, manager);
      await this.records.countBytes(entry, entry.size - formerSize, manager);
      await this.records.tell(transaction, cause, { what: 'changed', entry });
      for (const change of toldOfDamage(entry)) await this.records.tell(transaction, cause, change);
      if (damagedVersionId !== null)
        await this.tellOfDamage(transaction, { entry, versionId: damagedVersionId });
      return entry;
    });
  }

  /** The file has the content that it had; where somebody has put something else under its name since, as a version. */
  async undo({ id }: Pick<Entry, 'id'>, { storage }: ServedDrive, place: Place): Promise<void> {
    const { path, keptPath } = place;
    let kept = await storage.stat(keptPath);
    if (kept !== null) {
      const there = await storage.look(path);
      if (there === null) await storage.move(keptPath, path);
      else if (isSame(there, kept)) await storage.remove(keptPath);
      if (there === null || isSame(there, kept)) kept = null;
    }
    await storage.removeEmptyFolder(versionFolder(id));
    await this.transactions.run(async (transaction) => {
      const damaged = await this.repository.undo(id, kept, transaction.manager);
      if (damaged !== null) await this.tellOfDamage(transaction, damaged);
    });
  }

  private async tellOfDamage(
    transaction: EventTransaction,
    damaged: DamagedVersion,
  ): Promise<void> {
    await this.records.tell(transaction, null, { what: 'corrupted', ...damaged });
  }

  private async step(
    drive: ServedDrive,
    entry: Entry,
    place: StagedPlace,
  ): Promise<StoredFile | null> {
    const { storage } = drive;
    try {
      return await storage.replace(place.stagedName, place.path, place.keptPath);
    } catch (error) {
      // What is not staged any more has got its name, or is gone: recovery finds out.
      const isUntouched =
        !isUncertain(error) && (await storage.statStaged(place.stagedName)) !== null;
      if (isUntouched) await this.undo(entry, drive, place);
      throw error instanceof PathTakenError ? new NameTakenError(entry.filename) : error;
    }
  }
}

/** Two names of one file, or a clone with the time of its original. */
function isSame(there: StoredEntry, kept: StoredFile): boolean {
  if (there.kind !== 'file') return false;
  if (there.inode !== null && there.inode === kept.inode) return true;
  return there.size === kept.size && there.modifiedAt.getTime() === kept.modifiedAt.getTime();
}

interface Place {
  readonly path: string;
  readonly keptPath: string;
}
interface StagedPlace extends Place {
  readonly stagedName: string;
}

function toReplacement({ file, cause }: NewContent): Replacement {
  return {
    versionId: uuid7(),
    size: file.size,
    sha256: file.sha256,
    contentType: file.contentType ?? '',
    modifiedAt: file.modifiedAt.toISOString(),
    inode: file.inode?.toString() ?? null,
    birthNs: file.birthNs?.toString() ?? null,
    scan: file.scan,
    corruptedAt: file.corruptedAt?.toISOString() ?? null,
    uploadedBy: file.uploadedBy,
    by: cause?.username ?? null,
  };
}
