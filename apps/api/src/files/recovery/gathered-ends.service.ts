import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { isDatabaseAway } from '../../platform/database/database-errors';
import { EventTransactions } from '../../platform/events/event-transactions';
import type { Destination } from '../entries/entries.repository';
import { EntryRecords, type WriteEnd } from '../entries/entry-records.service';
import { EntryWrites } from '../entries/entry-writes.service';
import { endOfCommit, endOfDelete, endOfMove } from '../entries/write-end';
import { FileNotFoundError } from '../files.errors';
import { EndsRepository, type MoveToEnd } from './ends.repository';

/** More would make those wait who are first in it, and be taken by themselves where one fails. */
const AT_MOST = 250;

/** The last step that is to be taken of the write of a file. */
type Ending =
  | { readonly kind: 'commit' | 'delete'; readonly id: string }
  | ({ readonly kind: 'move' } & MoveToEnd);

interface Waiting {
  readonly ending: Ending;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * The last steps of many writes of files that nobody of those who are here has caused. Those that wait while others are
 * under way are taken together: one transaction, in it one statement for each kind, one for all totals, one for all
 * events. When that fails each is taken by itself.
 */
@Injectable()
export class GatheredEnds {
  private readonly waiting: Waiting[] = [];
  private isTaking = false;

  constructor(
    private readonly repository: EndsRepository,
    private readonly records: EntryRecords,
    private readonly transactions: EventTransactions,
    private readonly writes: EntryWrites,
  ) {}

  /** @throws FileNotFoundError when the row is gone */
  async finishCommit(id: string): Promise<void> {
    return this.gather({ kind: 'commit', id });
  }

  /** @throws FileNotFoundError when the row is gone */
  async finishMove(id: string, from: Destination): Promise<void> {
    return this.gather({ kind: 'move', id, from });
  }

  /** One that is gone already is no error. */
  async finishDelete(id: string): Promise<void> {
    return this.gather({ kind: 'delete', id });
  }

  private gather(ending: Ending): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ ending, resolve, reject });
      void this.takeAll();
    });
  }

  private async takeAll(): Promise<void> {
    if (this.isTaking) return;
    this.isTaking = true;
    while (this.waiting.length > 0) await this.takeSet(this.waiting.splice(0, AT_MOST));
    this.isTaking = false;
  }

  private async takeSet(set: readonly Waiting[]): Promise<void> {
    let finished: ReadonlyMap<string, WriteEnd>;
    try {
      finished = await this.finishTogether(set.map(({ ending }) => ending));
    } catch (error) {
      await this.takeEach(set, error);
      return;
    }
    for (const { ending, resolve, reject } of set) {
      if (finished.has(ending.id) || ending.kind === 'delete') resolve();
      else reject(new FileNotFoundError());
    }
  }

  /** Whose failure it is shows when each is taken by itself; unless it is that of all. */
  private async takeEach(set: readonly Waiting[], failure: unknown): Promise<void> {
    for (const { ending, resolve, reject } of set) {
      if (isDatabaseAway(failure)) reject(failure);
      else await this.finishAlone(ending).then(resolve, reject);
    }
  }

  /** @returns the ends of those whose rows were there, by their ids */
  private async finishTogether(endings: readonly Ending[]): Promise<ReadonlyMap<string, WriteEnd>> {
    return this.transactions.run(async (transaction) => {
      const ends = await this.finishRows(endings, transaction.manager);
      // They are told in the order in which they came.
      await this.records.noteAll(
        transaction,
        endings.flatMap(({ id }) => ends.get(id) ?? []),
      );
      return ends;
    });
  }

  private async finishRows(
    endings: readonly Ending[],
    manager: EntityManager,
  ): Promise<Map<string, WriteEnd>> {
    const ends = new Map<string, WriteEnd>();
    for (const entry of await this.repository.finishCommits(idsOf(endings, 'commit'), manager))
      ends.set(entry.id, endOfCommit(entry));

    const moves = endings.filter((ending) => ending.kind === 'move');
    const moved = await this.repository.finishMoves(moves, manager);
    const movedById = new Map(moved.map((one) => [one.entry.id, one]));
    for (const { id, from } of moves) {
      const one = movedById.get(id);
      if (one !== undefined) ends.set(id, endOfMove(one, from));
    }

    for (const deleted of await this.repository.finishDeletes(idsOf(endings, 'delete'), manager))
      ends.set(deleted.entry.id, endOfDelete(deleted));
    return ends;
  }

  private async finishAlone(ending: Ending): Promise<void> {
    switch (ending.kind) {
      case 'commit':
        await this.writes.finishCommit(ending.id, null);
        return;
      case 'move':
        await this.writes.finishMove(ending.id, ending.from, { tags: null, cause: null });
        return;
      case 'delete':
        await this.writes.finishDelete(ending.id, null);
    }
  }
}

function idsOf(endings: readonly Ending[], kind: Ending['kind']): string[] {
  return endings.filter((ending) => ending.kind === kind).map(({ id }) => id);
}
