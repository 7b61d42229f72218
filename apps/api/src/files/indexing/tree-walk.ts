import { setImmediate as nextTurn } from 'node:timers/promises';

import { errorCode } from '../../platform/filesystem/error-code';
import { type ChildRows, type KnownChildren, lastFirst } from './child-rows';
import type { DiskEntry } from './disk-entry';
import { compareFolder } from './folder-comparison';
import { IndexBatch } from './index-batch';
import type { IndexedRow } from './index-rows';
import type { IndexStores, IndexWriter } from './index-writer';
import { bringsFolderBack, MoveFinder } from './move-finder';
import type { Unknown } from './move-lookups';
import type { OpenFolder } from './open-folder.adapter';
import { isBefore } from './walk-order';
import { glance, placesOf, type WantedNames } from './wanted-names';
import { WalkFolder } from './walk-folder';
import type { WalkHooks, WalkRules } from './walk-rules';

/** Rows that are written at once: enough for COPY to be fast, few enough to be seen soon. */
const BATCH_ROWS = 5000;
const BATCH_MS = 1000;
/** How long the thread is kept before others get a turn: the database waits for it, too. */
const TURN_MS = 1;
/** Folders above that are held open at the same time; those higher up are opened again on the way back. */
const HELD_FOLDERS = 200;
/** A folder that changed so shortly before it was read may change again without its time telling. */
const RACY_NS = 3_000_000_000n;
/** Of those that are to be looked at again soon; what is more waits for the next scan. */
const BUSY_AT_MOST = 1000;

const GONE = ['ENOENT', 'ENOTDIR', 'ELOOP'];
/** The last is that of a filesystem mounted below that is dead. */
const FORBIDDEN = ['EACCES', 'EPERM', 'ENOTCONN'];

/**
 * Brings a part of the index together with the disk: goes through folders, depth first, and writes what is new,
 * changed, moved or gone. What was written stays when it is ended in the middle; the next one goes on there.
 */
export class TreeWalk {
  readonly gone: { readonly row: IndexedRow; readonly folder: WalkFolder }[] = [];
  /** Folders in which something was just going on: they are to be looked at again. */
  readonly busy: string[] = [];
  /** Folders that have come, from wherever, and were read as a whole by that. */
  private readonly come = new Set<string>();
  private batch = new IndexBatch();
  private writing: Promise<void> = Promise.resolve();
  private seen = 0;
  private turnEnds = performance.now() + TURN_MS;
  private batchEnds = performance.now() + BATCH_MS;
  private readonly stack: { folder: WalkFolder; open: OpenFolder | null }[] = [];
  private readonly moves: MoveFinder;

  constructor(
    private readonly rules: WalkRules,
    stores: IndexStores,
    private readonly writer: IndexWriter,
    private readonly rows: ChildRows,
    private readonly hooks: WalkHooks,
  ) {
    this.moves = new MoveFinder(rules, stores);
  }

  /** Entries that were looked at. */
  get seenCount(): number {
    return this.seen;
  }

  /**
   * Goes through a folder and all in it.
   * @param above the folders on the way to it, the root first
   * @throws the system's errors, when the drive fails; nothing is taken as gone then
   */
  async walk(folder: WalkFolder, above: readonly WalkFolder[]): Promise<void> {
    await this.from(above, async (floor) => {
      if (await this.enter(folder, null)) await this.goOn(floor);
    });
  }

  /** Asks what is known of these names, and of what bears them, for all folders that are about to be looked at. */
  async prepare(wanted: readonly WantedNames[]): Promise<void> {
    await this.rows.prepare(wanted.flatMap(placesOf));
    await this.moves.prepare(
      wanted.flatMap(({ folder, names }): Unknown[] => {
        const unknown = names.filter(
          (filename) => !this.rows.isKnown({ parentId: folder.id, filename }),
        );
        const entries = unknown.length === 0 ? [] : glance(this.rules.root, folder, unknown);
        return entries.length === 0 ? [] : [{ folder, entries }];
      }),
    );
  }

  /**
   * Looks at a folder, or at these names in it alone, which were prepared, and goes into what is new there.
   * @throws as `walk`
   */
  async look(
    folder: WalkFolder,
    above: readonly WalkFolder[],
    names: readonly string[] | null,
  ): Promise<void> {
    if (this.come.has(folder.id)) return;
    await this.from(above, async (floor) => {
      if (!(await this.enter(folder, names))) {
        // It was moved, or is gone: the folder above tells, and what has changed in it is looked at again.
        if (!folder.isForbidden)
          this.busy.push(folder.id, ...(folder.parent === null ? [] : [folder.parent.id]));
        return;
      }
      folder.unvisited = folder.unvisited.filter((child) => this.isNews(child));
      await this.goOn(floor);
    });
  }

  /** Whether a folder has come, from wherever: also one that we made ourselves, and do not listen to yet. */
  private isNews({ id, isStored, entry }: WalkFolder): boolean {
    const { watch } = this.hooks;
    return !isStored || entry !== null || (watch !== null && !watch.has(id));
  }

  /** Lists a folder, so that it can be shown, and leaves what is new in it to the next walk. @throws as `walk` */
  async list(folder: WalkFolder, above: readonly WalkFolder[]): Promise<void> {
    await this.from(above, async (floor) => {
      if (!(await this.enter(folder, null))) return;
      const unvisited = folder.unvisited.splice(0);
      this.batch.folders.push(...unvisited.filter(({ isStored }) => !isStored));
      await this.goOn(floor);
    });
  }

  /** Writes what was found last. Only after this is all of it in the index. */
  async finish(): Promise<void> {
    await this.flush();
    await this.writing;
    this.busy.push(...this.writer.takeUnsettled());
  }

  private async from(
    above: readonly WalkFolder[],
    work: (floor: number) => Promise<void>,
  ): Promise<void> {
    for (const folder of above) this.stack.push({ folder, open: null });
    try {
      await work(this.stack.length);
    } finally {
      for (const { open } of this.stack.splice(0)) open?.close();
    }
  }

  private async goOn(floor: number): Promise<void> {
    while (this.stack.length > floor) {
      const { folder } = this.top();
      const next = folder.unvisited.pop();
      if (next === undefined) await this.leave();
      else await this.enter(next, null);
    }
  }

  private top(): { folder: WalkFolder; open: OpenFolder | null } {
    const top = this.stack.at(-1);
    if (top === undefined) throw new Error('The walk is in no folder.');
    return top;
  }

  /** @returns false when there is nothing to go into */
  private async enter(folder: WalkFolder, names: readonly string[] | null): Promise<boolean> {
    const open = this.open(folder);
    if (open === null) return false;
    this.stack.push({ folder, open });
    this.hooks.watch?.add(folder, open.reachedAt, folder.entry !== null);
    if (folder.nature === 'unreadable') this.batch.natures.set(folder, 'plain');
    const held = this.stack.at(-1 - HELD_FOLDERS);
    if (held?.open) {
      held.open.close();
      held.open = null;
    }
    const isUnchanged =
      names === null && !this.isRead(folder) && folder.listedNs === open.modifiedNs;
    if (isUnchanged) folder.unvisited = await this.rows.foldersIn(folder);
    else await this.read(folder, open, names);
    await this.pause();
    return true;
  }

  /** Whether a folder is read whatever its time says. */
  private isRead(folder: WalkFolder): boolean {
    const { isFull, cursor } = this.rules;
    return isFull && (cursor === null || !isBefore(folder.names, cursor));
  }

  /** A folder that may not be looked into is shown as such; one that went away is missed where it was listed. */
  private open(folder: WalkFolder): OpenFolder | null {
    try {
      if (folder.parent === null) return this.rules.root.open();
      return this.held(this.stack.length - 1).child(folder.name);
    } catch (error) {
      const code = errorCode(error);
      if (folder.parent === null || ![...GONE, ...FORBIDDEN].includes(code)) throw error;
      if (FORBIDDEN.includes(code)) this.noteUnreadable(folder);
      return null;
    }
  }

  private held(index: number): OpenFolder {
    const frame = this.stack[index];
    if (frame === undefined) throw new Error('The walk is in no folder.');
    frame.open ??=
      frame.folder.parent === null
        ? this.rules.root.open()
        : this.held(index - 1).child(frame.folder.name);
    return frame.open;
  }

  private noteUnreadable(folder: WalkFolder): void {
    const { entry } = folder;
    folder.isForbidden = true;
    if (folder.isStored) {
      if (folder.nature !== 'unreadable') this.batch.natures.set(folder, 'unreadable');
    } else if (entry !== null && folder.parent !== null) {
      const shown = { ...entry, nature: 'unreadable' } as const;
      this.batch.folders.push(WalkFolder.newIn(folder.parent, shown));
    }
  }

  private async read(
    folder: WalkFolder,
    open: OpenFolder,
    names: readonly string[] | null,
  ): Promise<void> {
    // The rows before the disk: what comes meanwhile is on the disk, and not missed.
    const known = folder.isKnown ? await this.rows.of(folder, names) : null;
    const found = this.readDisk(folder, open, names);
    folder.wasRead = names === null;
    if (folder.wasRead && folder.isStored && folder.entry !== null) this.come.add(folder.id);
    const ageNs = BigInt(Date.now()) * 1_000_000n - open.modifiedNs;
    folder.readNs = ageNs > RACY_NS ? open.modifiedNs : null;
    // A time that lies in the future is as untrue tomorrow: that folder is read by each scan, and no more often.
    const isJustChanged = ageNs <= RACY_NS && ageNs >= -RACY_NS;
    if (folder.wasRead && isJustChanged && this.busy.length < BUSY_AT_MOST)
      this.busy.push(folder.id);
    if (known !== null) await this.compare(folder, open, known, found);
    else if (this.rules.isAlone) for (const entry of found) this.add(folder, entry);
    else await this.addNew(folder, found, open);
    folder.unvisited.sort(lastFirst);
  }

  private async compare(
    folder: WalkFolder,
    open: OpenFolder,
    known: KnownChildren,
    found: readonly DiskEntry[],
  ): Promise<void> {
    const still = this.moves.leaveFound(known);
    const difference = compareFolder(still, found);
    const { added, updates, replaced, vanished } = difference;
    if (added.length + updates.length + replaced.length + vanished.length > 0)
      this.batch.compared.add(folder);
    this.batch.updates.push(...updates);
    this.moves.keep(folder, updates);
    this.batch.gone.push(...replaced);
    if (this.rules.gathersGone) this.gone.push(...vanished.map((row) => ({ row, folder })));
    else this.batch.gone.push(...vanished);
    if (difference.busyCount > 0 || still !== known) this.lookAgainAt(folder);
    await this.addNew(folder, added, open);
    for (const { row, entry } of difference.folders) {
      const isAnother = row.inode !== entry.inode;
      folder.unvisited.push(
        isAnother
          ? WalkFolder.foundIn(folder, entry, { id: row.id, listedNs: null, nature: row.nature })
          : WalkFolder.known(folder, row),
      );
    }
    // What is not settled yet is looked at again, whatever the folder's time says.
    if (vanished.length > 0 && this.rules.gathersGone) folder.readNs = null;
  }

  private lookAgainAt(folder: WalkFolder): void {
    if (this.busy.length < BUSY_AT_MOST) this.busy.push(folder.id);
    folder.readNs = null;
  }

  private readDisk(
    folder: WalkFolder,
    open: OpenFolder,
    names: readonly string[] | null,
  ): DiskEntry[] {
    const found: DiskEntry[] = [];
    for (const name of names ?? open.names()) {
      if (this.rules.isExcluded(name, folder.pathOf(name))) continue;
      const entry = open.stat(name);
      if (entry === null) continue;
      const isCrossed = entry.nature === 'mount' && this.rules.crossMounts;
      found.push(isCrossed ? { ...entry, nature: 'plain' } : entry);
    }
    this.seen += found.length;
    return found;
  }

  private add(folder: WalkFolder, entry: DiskEntry): void {
    if (entry.kind === 'file') {
      this.batch.addFile(folder, entry);
      return;
    }
    const child = WalkFolder.newIn(folder, entry);
    if (entry.nature === 'plain') folder.unvisited.push(child);
    else this.batch.folders.push(child);
  }

  /** What is new here may be known from elsewhere. */
  private async addNew(
    folder: WalkFolder,
    added: readonly DiskEntry[],
    open: OpenFolder,
  ): Promise<void> {
    if (added.length === 0) return;
    const { known, inWrite } = await this.moves.find(folder, added, open);
    if (inWrite.size > 0) this.lookAgainAt(folder);
    for (const entry of added) {
      if (inWrite.has(entry)) continue;
      const row = known.get(entry);
      if (row === undefined) {
        this.add(folder, entry);
        continue;
      }
      this.batch.moves.push({ known: row, parent: folder, entry });
      if (entry.kind === 'folder' && entry.nature === 'plain')
        folder.unvisited.push(WalkFolder.foundIn(folder, entry, row));
    }
    // With a folder that was missing comes back what was in it: it is compared with the disk like all else.
    if (!bringsFolderBack(known)) return;
    await this.flush();
    await this.writing;
  }

  private async leave(): Promise<void> {
    const { folder, open } = this.top();
    this.stack.pop();
    open?.close();
    if (!folder.isStored) this.batch.folders.push(folder);
    if (folder.wasRead && (!folder.isStored || folder.listedNs !== folder.readNs))
      this.batch.listed.set(folder, folder.readNs);
    await this.pause();
  }

  /** Lets others have a turn, and writes what has come together. */
  private async pause(): Promise<void> {
    const now = performance.now();
    if (now < this.turnEnds) return;
    if (this.batch.size >= BATCH_ROWS || now >= this.batchEnds) await this.flush();
    await nextTurn();
    if (this.hooks.isWanted()) await this.writing;
    await this.hooks.turn(this.seen, this.stack.at(-1)?.folder.names ?? []);
    this.turnEnds = performance.now() + TURN_MS;
  }

  /** Has the batch written. Where nothing is asked of the index on the way, the walk goes on meanwhile. */
  private async flush(): Promise<void> {
    const { batch, writing } = this;
    this.batch = new IndexBatch();
    const open = this.stack.map(({ folder }) => folder);
    await writing;
    this.writing = this.writer.flush(batch, open);
    this.writing.catch(() => undefined); // told by the next wait for it
    if (!this.rules.isAlone) await this.writing;
    this.batchEnds = performance.now() + BATCH_MS;
  }
}
