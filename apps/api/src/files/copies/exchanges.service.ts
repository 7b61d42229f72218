import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Cause } from '../../platform/access/actor';
import { type EventTransaction, EventTransactions } from '../../platform/events/event-transactions';
import type { Entry } from '../entries/entry';
import { EntryLease } from '../entries/entry-lease';
import { EntryRecords, requireParent } from '../entries/entry-records.service';
import { FolderTree } from '../entries/folder-tree.repository';
import { toldOfDamage } from '../entries/write-end';
import { FolderBusyError } from '../files.errors';
import { type Exchanged, ExchangeRepository } from './exchange.repository';
import { FormerPlaces } from './former-places.service';

/** Who moves a file, what else it gets, and the time of what it leaves behind; see ExchangeRepository. */
export interface FileExchange {
  readonly tags: string[] | null;
  readonly cause: Cause | null;
  readonly formerTime: Date | null;
}

/**
 * How an entry gets to another drive and keeps its id. A copy is made there, with a row of its own; then, in one
 * transaction, the entry and that row exchange their places, and the row stands for what is left behind; then that is
 * removed. At every moment one of the drives has the entry whole, and a row says what is still to be done.
 */
@Injectable()
export class Exchanges {
  constructor(
    private readonly repository: ExchangeRepository,
    private readonly tree: FolderTree,
    private readonly records: EntryRecords,
    private readonly transactions: EventTransactions,
    private readonly lease: EntryLease,
    private readonly former: FormerPlaces,
  ) {}

  /**
   * Makes a copy that is published, and not committed, the entry that it was made of.
   * @returns null when that has changed since
   */
  async exchangeFile(
    copyId: string,
    { tags, cause, formerTime }: FileExchange,
  ): Promise<Entry | null> {
    const leaseHolder = this.lease.holder;
    const moved = await this.transactions.run(async (transaction) => {
      const { manager } = transaction;
      const exchanged = await this.repository.exchangeFile(
        copyId,
        { tags, leaseHolder, formerTime },
        manager,
      );
      if (exchanged === null) return null;
      await this.records.count(exchanged.after, 1, manager);
      await this.tell(exchanged, cause, transaction);
      return exchanged.after;
    });
    if (moved !== null) await this.former.removeQuietly(copyId);
    return moved;
  }

  /**
   * Makes the folder that has got all that was in another one that folder.
   * @returns null when something is left in it
   * @throws FolderBusyError (423) while something is written in either of the two
   */
  async exchangeFolder(folder: Entry, copy: Entry, cause: Cause | null): Promise<Entry | null> {
    const leaseHolder = this.lease.holder;
    const moved = await this.transactions.run(async (transaction) => {
      const { manager } = transaction;
      await this.lockBoth([folder.driveId, copy.driveId], manager);
      for (const { id } of [folder, copy])
        if (await this.tree.isBusyBelow(id, manager)) throw new FolderBusyError();
      const exchanged = await this.repository.exchangeFolder(
        folder.id,
        copy.id,
        { leaseHolder },
        manager,
      );
      if (exchanged !== null) await this.tell(exchanged, cause, transaction);
      return exchanged?.after ?? null;
    });
    if (moved !== null) await this.former.removeQuietly(copy.id);
    return moved;
  }

  /** Always in one order, so that two of these do not wait for each other. */
  private async lockBoth(driveIds: readonly string[], manager: EntityManager): Promise<void> {
    const ids = driveIds.toSorted();
    for (const id of ids) await this.tree.lock(id, manager);
    for (const id of ids) await this.records.lockTotals(id, manager);
  }

  private async tell(
    { before, after }: Exchanged,
    cause: Cause | null,
    transaction: EventTransaction,
  ): Promise<void> {
    const { driveId, filename } = before;
    const previous = { driveId, parentId: requireParent(before), filename };
    await this.records.tell(transaction, cause, { what: 'moved', entry: after, previous });
    if (before.corruptedAt !== null) return;
    for (const change of toldOfDamage(after)) await this.records.tell(transaction, cause, change);
  }
}
