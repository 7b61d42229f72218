import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { isAboutData } from '../../platform/database/database-errors';
import { EventTransactions } from '../../platform/events/event-transactions';
import { GroupedWork } from '../../platform/grouping/grouped-work';
import type { Destination } from '../entries/entries.repository';
import { EntryRecords, type WriteEnd } from '../entries/entry-records.service';
import { endOfCommit, endOfDelete, endOfMove } from '../entries/write-end';
import { FileNotFoundError } from '../files.errors';
import { EndsRepository, type MoveToEnd } from './ends.repository';

/** The last step that is to be taken of the write of a file. */
type Ending =
  | { readonly kind: 'commit' | 'delete'; readonly id: string }
  | ({ readonly kind: 'move' } & MoveToEnd);

/**
 * The last steps of many writes of files that nobody of those who are here has caused. Those that wait while others are
 * under way are taken together: one transaction, in it one statement for each kind, one for all totals, one for all
 * events. When that fails each is taken by itself.
 */
@Injectable()
export class GatheredEnds {
  private readonly ends = new GroupedWork<Ending, WriteEnd | null>(
    { groupOf: () => '', isOfOne: isAboutData },
    (endings) => this.finishAll(endings),
  );

  constructor(
    private readonly repository: EndsRepository,
    private readonly records: EntryRecords,
    private readonly transactions: EventTransactions,
  ) {}

  /** @throws FileNotFoundError when the row is gone */
  async finishCommit(id: string): Promise<void> {
    if ((await this.ends.do({ kind: 'commit', id })) === null) throw new FileNotFoundError();
  }

  /** @throws FileNotFoundError when the row is gone */
  async finishMove(id: string, from: Destination): Promise<void> {
    if ((await this.ends.do({ kind: 'move', id, from })) === null) throw new FileNotFoundError();
  }

  /** One that is gone already is no error. */
  async finishDelete(id: string): Promise<void> {
    await this.ends.do({ kind: 'delete', id });
  }

  /** @returns what came with the end of each, in their order; null where the row was gone */
  private async finishAll(endings: readonly Ending[]): Promise<(WriteEnd | null)[]> {
    return this.transactions.run(async (transaction) => {
      const rows = await this.finishRows(endings, transaction.manager);
      const ends = endings.map(({ id }) => rows.get(id) ?? null);
      await this.records.noteAll(
        transaction,
        ends.filter((end) => end !== null),
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
}

function idsOf(endings: readonly Ending[], kind: Ending['kind']): string[] {
  return endings.filter((ending) => ending.kind === kind).map(({ id }) => id);
}
