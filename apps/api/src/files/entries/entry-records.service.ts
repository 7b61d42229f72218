import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { FolderTotals, type TotalsChange } from '../../drives';
import type { Cause } from '../../platform/access/actor';
import type { NewEvent } from '../../platform/events/event-log.repository';
import type { EventTransaction } from '../../platform/events/event-transactions';
import { type Entry, toFileMetadata } from './entry';

/** What is told of a change of an entry. */
export interface EntryChange {
  readonly what: 'created' | 'changed' | 'moved' | 'trashed' | 'deleted' | 'restored' | 'corrupted';
  /** As it is after the change; a deleted one as it was. */
  readonly entry: Entry;
  /** The earlier content that it is about. */
  readonly versionId?: string;
  /** Where a moved one was. */
  readonly previous?: {
    readonly driveId: string;
    readonly parentId: string;
    readonly filename: string;
  };
}

/** What the end of a write brings beside its row: entries that folders have more or less, and what is told. */
export interface WriteEnd {
  readonly counts: readonly { readonly entry: Entry; readonly sign: 1 | -1 }[];
  readonly told: readonly EntryChange[];
}

/** What belongs to each change of an entry, in its transaction: the totals of the folders above, and the event. */
@Injectable()
export class EntryRecords {
  constructor(private readonly totals: FolderTotals) {}

  async tell(
    { record }: EventTransaction,
    cause: Cause | null,
    change: EntryChange,
  ): Promise<void> {
    await record(eventOf(change, cause));
  }

  /**
   * An entry came into its folder, or went from it. Of a folder, what is below counts as the row has it: within
   * `lockTotals`, together with the change of the row itself.
   */
  async count(entry: Entry, sign: 1 | -1, manager: EntityManager): Promise<void> {
    await this.totals.record(totalsOf(entry, sign), manager);
  }

  /** What belongs to the end of a write. */
  async note(transaction: EventTransaction, cause: Cause | null, end: WriteEnd): Promise<void> {
    for (const { entry, sign } of end.counts) await this.count(entry, sign, transaction.manager);
    for (const change of end.told) await this.tell(transaction, cause, change);
  }

  /** The same of many that nobody has caused, by two statements. */
  async noteAll(
    { manager, recordAll }: EventTransaction,
    ends: readonly WriteEnd[],
  ): Promise<void> {
    const counts = ends.flatMap((end) => end.counts);
    await this.totals.recordAll(
      counts.map(({ entry, sign }) => totalsOf(entry, sign)),
      manager,
    );
    await recordAll(ends.flatMap(({ told }) => told.map((change) => eventOf(change, null))));
  }

  /** A file became so many bytes larger, or smaller. */
  async countBytes(entry: Entry, difference: number, manager: EntityManager): Promise<void> {
    if (difference === 0) return;
    const { driveId } = entry;
    const folderId = requireParent(entry);
    await this.totals.record(
      { driveId, folderId, childCount: 0, fileCount: 0, folderCount: 0, totalBytes: difference },
      manager,
    );
  }

  /** See FolderTotals.lock. */
  async lockTotals(driveId: string, manager: EntityManager): Promise<void> {
    await this.totals.lock(driveId, manager);
  }
}

function totalsOf(entry: Entry, sign: 1 | -1): TotalsChange {
  return {
    driveId: entry.driveId,
    folderId: requireParent(entry),
    childCount: sign,
    fileCount: sign * (entry.fileCount ?? 1),
    folderCount: entry.kind === 'file' ? 0 : sign * ((entry.folderCount ?? 0) + 1),
    totalBytes: sign * entry.size,
  };
}

/** How a change of an entry is told. */
export function eventOf({ what, entry, ...more }: EntryChange, cause: Cause | null): NewEvent {
  return {
    type: `homeserver.file.${what}`,
    subject: `files/${entry.id}`,
    driveId: entry.driveId,
    audience: 'drive',
    // Whoever copies or moves bytes that have gone bad has only come upon them.
    cause: what === 'corrupted' ? null : cause,
    data: { file: toFileMetadata(entry), ...more },
  };
}

/** Every entry but a root has a parent, and a root is never written. */
export function requireParent(entry: Entry): string {
  if (entry.parentId === null) throw new Error('The root of a drive has no parent.');
  return entry.parentId;
}
