import { Injectable } from '@nestjs/common';

import { derivedId } from '../../platform/database/derived-id';
import type { Entry, EntryState } from '../entries/entry';
import { FileBusyError } from '../files.errors';
import { Indexer } from '../indexing/indexer.service';
import { RecoveryService } from '../recovery/recovery.service';
import { CopiedTree } from './copied-tree.repository';

/** A folder that is larger than can be listed in that many tries is copied as far as it is known. */
const LISTING_TRIES = 30;

/** Reads trees for the jobs that copy or move them, and what earlier attempts have made of them. */
@Injectable()
export class CopiedTrees {
  constructor(
    private readonly tree: CopiedTree,
    private readonly indexer: Indexer,
    private readonly recovery: RecoveryService,
  ) {}

  /** A page of the entries in a folder, by their ids. What is not in the index yet gets into it first. */
  async readChildren(
    folder: Pick<Entry, 'id' | 'driveId'>,
    after: string | null,
    limit: number,
  ): Promise<Entry[]> {
    for (let turn = 0; after === null && turn < LISTING_TRIES; turn += 1) {
      if (await this.tree.isListed(folder.id)) break;
      await this.indexer.prepareList(folder.driveId, folder.id);
    }
    return this.tree.readChildren(folder.id, after, limit);
  }

  /**
   * What an earlier attempt of a job has made of these entries. A write that it left in the middle is finished or
   * undone first.
   * @throws FileBusyError when that cannot be done now
   */
  async findMade(jobId: string, entries: readonly Entry[]): Promise<Map<string, EntryState>> {
    const madeOf = new Map(entries.map(({ id }) => [derivedId(jobId, id), id]));
    let states = await this.tree.findStates([...madeOf.keys()]);
    if (isAnyUnfinished(states)) {
      await this.recovery.recover();
      states = await this.tree.findStates([...madeOf.keys()]);
      if (isAnyUnfinished(states)) throw new FileBusyError();
    }
    return new Map([...states].map(([id, state]) => [madeOf.get(id) ?? id, state]));
  }
}

function isAnyUnfinished(states: ReadonlyMap<string, EntryState>): boolean {
  return [...states.values()].some((state) => state === 'committing' || state === 'deleting');
}
