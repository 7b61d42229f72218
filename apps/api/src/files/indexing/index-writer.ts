import { type Entry, toFileMetadata } from '../entries/entry';
import { BatchMoves, MovesRefused } from './batch-moves';
import { BatchPlan } from './batch-plan';
import type { ChangeLog, ToldChange } from './change-log.repository';
import { minus, totalsOf } from './entry-totals';
import type { FoundMove, IndexBatch } from './index-batch';
import type { IndexedRow, NewRow, RowContext, Totals } from './index-rows';
import type { IndexStore } from './index-store.repository';
import type { Claim, MissingStore } from './missing-store.repository';
import { NameConflict } from './name-conflict';
import { metadataOf } from './new-metadata';
import type { WalkFolder } from './walk-folder';

/** Somebody writes into the same folders: after so many tries the rest is left to the next look. */
const ATTEMPTS = 5;

/** Rows that make the statistics of the table others, and so many times more that do so again. */
const MANY = 1000;
const MANY_MORE = 16;

/** The means of a walk to reach the index. */
export interface IndexStores {
  readonly store: IndexStore;
  readonly missing: MissingStore;
  readonly log: ChangeLog;
}

type FolderTotals = readonly [folderId: string, totals: Totals];

/**
 * Writes what a walk has found: each batch in one transaction, with the totals that it changes and the events that
 * tell of it, so that the index is whole at every moment.
 */
export class IndexWriter {
  /** Whether names have to be looked up before they are given: somebody else may have given them. */
  mustCheck: boolean;
  /** Folders of which something could not be written as it was found: they are to be looked at again. */
  private readonly unsettled = new Set<string>();
  /** Entries that were found elsewhere, and are not where they were found. */
  readonly refusedIds = new Set<string>();
  private readonly unlisted = new Set<string>();
  /** What seems to be gone, and was left as it is since it is so much. */
  readonly doubtful = new Map<string, IndexedRow>();
  private writtenCount = 0;
  private analyzedAt = MANY;

  constructor(
    private readonly stores: IndexStores,
    private readonly context: RowContext,
    /** An index that is filled for the first time tells nothing, and nothing in it can have been moved. */
    private readonly isFirst: boolean,
    /** Whether so much is gone that nobody is believed who says so: nothing of it is taken as gone then. */
    private readonly isTooMuch: (gone: readonly IndexedRow[]) => Promise<boolean>,
  ) {
    this.mustCheck = !isFirst;
  }

  /** @param open the folders that the walk is in, the root first: those above what is new must be in the index */
  async flush(batch: IndexBatch, open: readonly WalkFolder[]): Promise<void> {
    if (batch.size === 0) return;
    const refused = new Set<FoundMove>();
    let attempt = 1;
    for (;;) {
      try {
        const work = () => this.write(batch, open, refused);
        await this.stores.store.transaction(work, this.isFirst);
        break;
      } catch (error) {
        const moves = error instanceof MovesRefused ? error.moves : [];
        for (const move of moves) refused.add(move);
        if (moves.length > 0) continue;
        if (!(error instanceof NameConflict) || attempt === ATTEMPTS) throw error;
        attempt += 1;
        this.mustCheck = true;
      }
    }
    for (const folder of [...batch.folders, ...open]) folder.isStored = true;
    for (const [folder, ns] of batch.listed) folder.listedNs = ns;
    if (this.isFirst) await this.tellPlanner(batch.size);
  }

  /** The planner would read all rows for a page of a folder while it takes the table for an empty one. */
  private async tellPlanner(count: number): Promise<void> {
    this.writtenCount += count;
    if (this.writtenCount < this.analyzedAt) return;
    this.analyzedAt = this.writtenCount * MANY_MORE;
    await this.stores.store.analyze();
  }

  /** Folders in which somebody changed what a walk had just seen: they are to be looked at again. */
  takeUnsettled(): string[] {
    const taken = [...this.unsettled];
    this.unsettled.clear();
    return taken;
  }

  /**
   * Takes as missing what a scan did not find; what came since the scan began may be that.
   * @param firstId the smallest id that the scan has given
   */
  async markMissing(gone: readonly IndexedRow[], firstId: string): Promise<void> {
    const { store, missing, log } = this.stores;
    await store.transaction(async () => {
      await store.lockTotals(this.context.driveId);
      const told = await this.writeGone(gone);
      const claims = await missing.findClaimsOnJustMissing(this.context.driveId, firstId);
      for (const claim of claims) told.push(...(await this.takeOver(claim)));
      await log.record(told);
    });
  }

  /** @param refused moves that cannot be written, as has shown before */
  private async write(
    batch: IndexBatch,
    open: readonly WalkFolder[],
    refused: ReadonlySet<FoundMove>,
  ): Promise<void> {
    const { store, missing, log } = this.stores;
    const { driveId } = this.context;
    await store.lockTotals(driveId);
    const plan = new BatchPlan(batch, open);
    const astray = await this.leaveOutStrays(plan, batch);
    const isSound = ({ parentId }: IndexedRow) => !astray.has(parentId);
    const moves = new BatchMoves(store, missing, driveId);
    plan.moves = await moves.lift(plan.moves.filter((move) => !refused.has(move)));
    const gone = batch.gone.filter(isSound);
    const found = new Set(batch.moves.map(({ known }) => known.id));
    const told = await this.writeGoneUnlessMuch(
      gone.filter(({ id }) => !found.has(id) && !this.refusedIds.has(id)),
    );
    if (this.mustCheck) await this.giveWay(plan);
    const parentIds = plan.storedParents().map(({ id }) => id);
    plan.keepIn(await store.folders.lockFolders(driveId, parentIds));
    await store.appendTotals(driveId, plan.addUp());
    const rows = plan.toRows(batch.listed);
    if (!(await store.copyRows(rows, this.context))) throw new NameConflict();
    const moved = await moves.place(plan.moves);
    this.noteRefused(batch.moves, plan.moves);
    const toldOfMoved = (isStored: boolean) =>
      [...moved].flatMap(([{ parent }, change]) => (parent.isStored === isStored ? [change] : []));
    told.push(...toldOfMoved(true), ...(await this.writeUpdates(batch, isSound)));
    await this.noteFolders(batch, astray);
    if (this.isFirst) return;
    told.push(...(await this.tellOfNew(rows)), ...toldOfMoved(false));
    await log.record(told);
  }

  /** When folders were read, and which cannot be. */
  private async noteFolders(batch: IndexBatch, astray: ReadonlySet<string>): Promise<void> {
    const { folders } = this.stores.store;
    const { driveId } = this.context;
    const isOpen = (id: string) => this.unsettled.has(id) || this.unlisted.has(id);
    const listed = [...batch.listed].filter(([{ id, isStored }]) => isStored && !astray.has(id));
    await folders.setListed(
      driveId,
      listed.map(([{ id }, ns]) => [id, isOpen(id) ? null : ns]),
    );
    await folders.setNatures(
      driveId,
      [...batch.natures].map(([{ id }, nature]) => [id, nature]),
    );
  }

  /**
   * What was found in a folder under a name that it no longer bore, since somebody moved it meanwhile, is another
   * folder's: nothing of it is written.
   * @returns the ids of these folders
   */
  private async leaveOutStrays(plan: BatchPlan, batch: IndexBatch): Promise<Set<string>> {
    if (this.isFirst) return new Set(); // nothing in it was known by a name
    const involved = new Set<WalkFolder>();
    for (const one of [...plan.parents(), ...batch.compared, ...batch.listed.keys()])
      for (let at: WalkFolder | null = one; at !== null && !involved.has(at); at = at.parent)
        involved.add(at);
    const found = new Set(batch.moves.map(({ known }) => known.id));
    const unsure = [...involved].filter(({ isSure, isStored }) => isStored && !isSure);
    const places = await this.stores.store.folders.readPlaces(
      this.context.driveId,
      unsure.map(({ id }) => id),
    );
    for (const folder of unsure) {
      const { id, parent, name } = folder;
      const place = places.get(id);
      const isThere = parent === null || (place?.parentId === parent.id && place.filename === name);
      if (isThere || found.has(id)) folder.isSure = true;
      else folder.isStray = true;
    }
    const astray = [...involved].filter(({ isAstray }) => isAstray);
    for (const { id } of astray) this.unsettled.add(id);
    plan.leaveOut(astray);
    return new Set(astray.map(({ id }) => id));
  }

  /** What was not as it was known any more is left to the next look. */
  private async writeUpdates(
    batch: IndexBatch,
    isSound: (row: IndexedRow) => boolean,
  ): Promise<ToldChange[]> {
    const { store } = this.stores;
    const updates = batch.updates.filter(({ row }) => isSound(row));
    const updated = await store.updateEntries(updates);
    await store.appendTotals(this.context.driveId, changedSizes(batch, updated));
    const byId = new Map(updated.map((entry) => [entry.id, entry]));
    return updates.flatMap(({ row, isContentKept }): ToldChange[] => {
      const entry = byId.get(row.id);
      if (entry === undefined) this.unsettled.add(row.parentId);
      if (entry === undefined || isContentKept || this.isFirst) return [];
      return [{ what: 'changed', file: toFileMetadata(entry) }];
    });
  }

  private async giveWay(plan: BatchPlan): Promise<void> {
    for (;;) {
      const places = plan.takePlaces();
      if (places.length === 0) return;
      plan.yieldTo(await this.stores.store.findTaken(places));
    }
  }

  /** What was found elsewhere, and could not be moved there, for somebody has changed it: it is not gone either. */
  private noteRefused(moves: readonly FoundMove[], done: readonly FoundMove[]): void {
    const kept = new Set(done);
    for (const move of moves) {
      if (kept.has(move)) continue;
      this.refusedIds.add(move.known.id);
      // Where so much seems to be gone that somebody is asked, the next scan reads it.
      if (!this.unlisted.has(move.parent.id)) this.unsettled.add(move.parent.id);
    }
  }

  private async writeGoneUnlessMuch(gone: readonly IndexedRow[]): Promise<ToldChange[]> {
    if (gone.length === 0) return [];
    if (!(await this.isTooMuch(gone))) return this.writeGone(gone);
    for (const row of gone) {
      this.doubtful.set(row.id, row);
      this.unlisted.add(row.parentId);
    }
    return [];
  }

  private async writeGone(gone: readonly IndexedRow[]): Promise<ToldChange[]> {
    if (gone.length === 0) return [];
    const entries = await this.stores.missing.markMissing(gone);
    await this.stores.store.appendTotals(
      this.context.driveId,
      entries.map((entry) => [entry.parentId ?? '', minus(totalsOf(entry))]),
    );
    return entries.map((entry) => ({ what: 'deleted', file: toFileMetadata(entry) }));
  }

  /** Files that are missing ones under another name, or again, keep what was known of those. */
  private async tellOfNew(rows: readonly NewRow[]): Promise<ToldChange[]> {
    const { missing } = this.stores;
    const { driveId } = this.context;
    const told: ToldChange[] = [];
    const claimed = new Set<string>();
    if (rows.length > 0 && (await missing.hasMissing(driveId))) {
      const ids = rows.filter(({ entry }) => entry.kind === 'file').map(({ id }) => id);
      for (const claim of await missing.findClaimsOf(driveId, ids)) {
        const changes = await this.takeOver(claim);
        if (changes.length > 0) claimed.add(claim.newId);
        told.push(...changes.filter(({ what }) => what === 'restored'));
      }
    }
    for (const row of rows) {
      if (!claimed.has(row.id)) told.push({ what: 'created', file: metadataOf(row, this.context) });
    }
    return told;
  }

  /** @returns what is to be told: that what had come is gone, and what was missing is back */
  private async takeOver(claim: Claim): Promise<ToldChange[]> {
    const taken = await this.stores.missing.takeOver(claim);
    if (taken === null) return [];
    return [
      { what: 'deleted', file: toFileMetadata(taken.removed) },
      { what: 'restored', file: toFileMetadata(taken.restored) },
    ];
  }
}

/** How much more, or less, the folders hold whose files have another size. */
function changedSizes({ updates }: IndexBatch, updated: readonly Entry[]): FolderTotals[] {
  const ids = new Set(updated.map(({ id }) => id));
  return updates.flatMap(({ row, entry }): FolderTotals[] => {
    const bytes = entry.size - row.size;
    if (row.kind === 'folder' || bytes === 0 || !ids.has(row.id)) return [];
    return [[row.parentId, { children: 0, files: 0, folders: 0, bytes }]];
  });
}
