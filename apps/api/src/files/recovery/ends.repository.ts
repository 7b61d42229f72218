import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { type NamedStatement, runNamed } from '../../platform/database/named-statements';
import type { Destination, FinishedDelete, FinishedMove } from '../entries/entries.repository';
import type { Entry } from '../entries/entry';
import {
  COMMITTED,
  ENTRY_COLUMNS_OF_MANY,
  finishUploads,
  IN_FOLDERS,
  MOVED,
  pathsOf,
  type RawEntryRow,
  toEntry,
} from '../entries/entry-rows';

const FINISH_COMMITS: NamedStatement = {
  name: 'finish-commits',
  text: `with done as (
      update file_metadata set ${COMMITTED} where id = any ($1) and state = 'committing' returning *),
    uploads_done as (${finishUploads('= any ($1)')}), ${pathsOf('done')}
    select ${ENTRY_COLUMNS_OF_MANY} from done ${IN_FOLDERS}`,
};

const FINISH_MOVES: NamedStatement = {
  name: 'finish-moves',
  text: `with done as (
      update file_metadata f set ${MOVED} from unnest($1::uuid[], $2::uuid[]) as m (moved_id, from_id)
      where f.id = m.moved_id and f.state = 'moving' returning f.*, m.from_id), ${pathsOf('done')}
    select ${ENTRY_COLUMNS_OF_MANY}, state = 'trashed' as "isTrashed", is_trash(from_id) as "isRestored"
    from done ${IN_FOLDERS}`,
};

const FINISH_DELETES: NamedStatement = {
  name: 'finish-deletes',
  text: `with done as (delete from file_metadata where id = any ($1) and state = 'deleting' returning *), ${pathsOf('done')}
    select ${ENTRY_COLUMNS_OF_MANY}, moves_id is not null as "isMoved" from done ${IN_FOLDERS}`,
};

type RawFinishedMove = RawEntryRow & Omit<FinishedMove, 'entry'>;
type RawDeleted = RawEntryRow & Omit<FinishedDelete, 'entry'>;

/** A move that is to be ended, and where the file was. */
export interface MoveToEnd {
  readonly id: string;
  readonly from: Destination;
}

/**
 * The last steps of the writes of many files, each kind by one statement: what EntriesRepository does with one. Those
 * that are in no such write any more are left out of the answer.
 */
@Injectable()
export class EndsRepository {
  async finishCommits(ids: readonly string[], manager: EntityManager): Promise<Entry[]> {
    if (ids.length === 0) return [];
    return (await runNamed<RawEntryRow>(manager, FINISH_COMMITS, [ids])).map(toEntry);
  }

  async finishMoves(moves: readonly MoveToEnd[], manager: EntityManager): Promise<FinishedMove[]> {
    if (moves.length === 0) return [];
    const rows = await runNamed<RawFinishedMove>(manager, FINISH_MOVES, [
      moves.map(({ id }) => id),
      moves.map(({ from }) => from.parentId),
    ]);
    return rows.map(({ isTrashed, isRestored, ...row }) => ({
      entry: toEntry(row),
      isTrashed,
      isRestored,
    }));
  }

  async finishDeletes(ids: readonly string[], manager: EntityManager): Promise<FinishedDelete[]> {
    if (ids.length === 0) return [];
    const rows = await runNamed<RawDeleted>(manager, FINISH_DELETES, [ids]);
    return rows.map(({ isMoved, ...row }) => ({ entry: toEntry(row), isMoved }));
  }
}
