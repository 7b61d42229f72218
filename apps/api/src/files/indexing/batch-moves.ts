import { isUniqueViolation } from '../../platform/database/database-errors';
import { toFileMetadata } from '../entries/entry';
import type { ToldChange } from './change-log.repository';
import { minus, totalsOf } from './entry-totals';
import type { FoundMove } from './index-batch';
import type { IndexStore, LiftedEntry } from './index-store.repository';
import { NameConflict } from './name-conflict';
import type { MissingStore } from './missing-store.repository';

/** Moves that cannot be written as they were found: the batch is written anew without them. */
export class MovesRefused extends Error {
  constructor(readonly moves: readonly FoundMove[]) {
    super('Some entries cannot be moved to where they were found.');
  }
}

/**
 * The moves of a batch. First all of them are lifted out of their places, then each is placed: they may have changed
 * places with one another, or one lies by now in another that lay in it.
 */
export class BatchMoves {
  private readonly lifted = new Map<FoundMove, LiftedEntry>();

  constructor(
    private readonly store: IndexStore,
    private readonly missing: MissingStore,
    private readonly driveId: string,
  ) {}

  /** Before anything of the batch is taken as gone: what was moved is not in it any more. @returns those that can be */
  async lift(moves: readonly FoundMove[]): Promise<FoundMove[]> {
    const known = new Map<string, FoundMove>();
    for (const move of moves) if (!known.has(move.known.id)) known.set(move.known.id, move);
    const entries = await this.store.liftEntries(
      this.driveId,
      [...known.values()].map((move) => move.known),
    );
    for (const one of entries) {
      const move = known.get(one.entry.id);
      if (move !== undefined) this.lifted.set(move, one);
    }
    await this.store.appendTotals(
      this.driveId,
      entries.flatMap(({ entry, missingSince }) =>
        missingSince === null ? [[entry.parentId ?? '', minus(totalsOf(entry))]] : [],
      ),
    );
    return moves.filter((move) => this.lifted.has(move));
  }

  /**
   * Places all that was lifted, when the folders are there in which it was found.
   * @param moves those of them that can be written
   * @returns what is to be told of each
   * @throws MovesRefused when there are others
   */
  async place(moves: readonly FoundMove[]): Promise<Map<FoundMove, ToldChange>> {
    const placed = new Set(moves);
    const refused = [...this.lifted.keys()].filter((move) => !placed.has(move));
    if (refused.length > 0) throw new MovesRefused(refused);
    const told = new Map<FoundMove, ToldChange>();
    // In the order of the walk: what a folder is said to be called is right once those above it are placed.
    for (const move of moves) {
      const lifted = this.lifted.get(move);
      if (lifted !== undefined) told.set(move, await this.placeOne(move, lifted));
    }
    return told;
  }

  private async placeOne(move: FoundMove, lifted: LiftedEntry): Promise<ToldChange> {
    const { missingSince, entry: before } = lifted;
    const { driveId, store } = this;
    const { parent } = move;
    const moved = await this.give(move);
    const entry = await this.missing.reviveBelow(moved, missingSince);
    await store.appendTotals(driveId, [[parent.id, totalsOf(entry)]]);
    if (missingSince !== null) return { what: 'restored', file: toFileMetadata(entry) };
    const previous = { driveId, parentId: before.parentId ?? '', filename: before.filename };
    return { what: 'moved', file: toFileMetadata(entry), previous };
  }

  private async give(move: FoundMove) {
    try {
      const entry = await this.store.placeEntry(move.known.id, move.parent.id, move.entry);
      if (entry !== null) return entry;
    } catch (error) {
      if (isUniqueViolation(error, 'file_metadata_name')) throw new NameConflict();
      throw error;
    }
    throw new MovesRefused([move]);
  }
}
