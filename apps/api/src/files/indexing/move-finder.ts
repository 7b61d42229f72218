import { errorCode } from '../../platform/filesystem/error-code';
import type { EntryState } from '../entries/entry';
import type { KnownChildren } from './child-rows';
import type { DiskEntry } from './disk-entry';
import type { DriveRoot } from './drive-root.adapter';
import type { Candidate } from './index-reads.repository';
import type { EntryUpdate } from './index-store.repository';
import type { IndexStores } from './index-writer';
import type { KnownVersion } from './missing-store.repository';
import { MoveLookups, type Unknown } from './move-lookups';
import type { OpenFolder } from './open-folder.adapter';
import type { WalkFolder } from './walk-folder';

/** What was found, and under which id it is known; of a folder also when it was read. */
export interface KnownFind extends KnownVersion {
  readonly state: EntryState;
  readonly listedNs: bigint | null;
}

/** What is known of entries that are new at their place. */
export interface Finds {
  readonly known: Map<DiskEntry, KnownFind>;
  /** Those of which we are in the middle of a write ourselves: where they belong shows when it is over. */
  readonly inWrite: Set<DiskEntry>;
}

/**
 * An editor that removes a file and writes it anew does so in moments: the place tells more than the inode then. A
 * folder is no editor's.
 */
const SAME_PLACE_MS = 10_000;

/** Tells which of the entries that are new at their place are known from another, or were missing. */
export class MoveFinder {
  private readonly lookups: MoveLookups;
  /** Those that keep their places, though what lay there may lie elsewhere now. */
  private readonly kept = new Set<string>();
  /** Those that were found elsewhere. */
  private readonly found = new Set<string>();

  constructor(
    private readonly rules: { driveId: string; root: DriveRoot; hasInodes: boolean },
    private readonly stores: IndexStores,
  ) {
    this.lookups = new MoveLookups(stores, rules.driveId);
  }

  /** Asks for what is about to be found in several folders, all at once. */
  async prepare(unknown: readonly Unknown[]): Promise<void> {
    await this.lookups.prepare(unknown);
  }

  /**
   * Takes note of entries that keep their places, though what lay there may lie elsewhere now: they are not found there.
   * In a folder that was moved alone: elsewhere the place that the index has of them tells it.
   */
  keep(folder: WalkFolder, updates: readonly EntryUpdate[]): void {
    if (this.found.size === 0 || !idsAbove(folder).some((id) => this.found.has(id))) return;
    for (const { row, entry } of updates) if (row.inode !== entry.inode) this.kept.add(row.id);
  }

  /** What is known in a folder, without what was found elsewhere before. */
  leaveFound(known: KnownChildren): KnownChildren {
    if (this.found.size === 0) return known;
    const found = [...known.rows.values()].filter(({ id }) => this.found.has(id));
    if (found.length === 0) return known;
    const rows = new Map(known.rows);
    for (const { filename } of found) rows.delete(filename);
    return { ...known, rows };
  }

  /** @param open the folder, held open */
  async find(folder: WalkFolder, added: readonly DiskEntry[], open: OpenFolder): Promise<Finds> {
    const finds: Finds = { known: new Map(), inWrite: new Set() };
    const { known, inWrite } = finds;
    const atPlace = await this.findAtPlace(folder, added);
    for (const [entry, row] of atPlace) if (row.isRecent) known.set(entry, row);
    if (this.rules.hasInodes) await this.findByInode(folder, added, finds);
    else await this.findByContents(folder, added, open, finds);
    const taken = new Set([...known.values()].map(({ id }) => id));
    for (const [entry, row] of atPlace)
      if (!known.has(entry) && !inWrite.has(entry) && !taken.has(row.id)) known.set(entry, row);
    for (const { id } of known.values()) this.found.add(id);
    return finds;
  }

  private async findAtPlace(
    folder: WalkFolder,
    added: readonly DiskEntry[],
  ): Promise<Map<DiskEntry, KnownFind & { isRecent: boolean }>> {
    const found = new Map<DiskEntry, KnownFind & { isRecent: boolean }>();
    if (!folder.isKnown) return found;
    const names = added.map(({ name }) => name);
    for (const row of await this.lookups.findMissingAt(folder, names)) {
      const entry = added.find(({ name, kind }) => name === row.filename && kind === row.kind);
      const isRecent =
        row.kind === 'file' && Date.now() - row.missingSince.getTime() < SAME_PLACE_MS;
      if (entry !== undefined)
        found.set(entry, {
          id: row.id,
          version: row.version,
          state: 'missing',
          listedNs: null,
          isRecent,
        });
    }
    return found;
  }

  private async findByInode(
    folder: WalkFolder,
    added: readonly DiskEntry[],
    { known, inWrite }: Finds,
  ): Promise<void> {
    const wanted = added.filter(
      (entry) =>
        !known.has(entry) &&
        entry.nature === 'plain' &&
        (entry.kind === 'folder' || entry.links === 1),
    );
    if (wanted.length === 0) return;
    const rows = await this.lookups.findByInodes(wanted.map(({ inode }) => inode));
    const above = new Set(idsAbove(folder));
    const taken = new Set([...known.values()].map(({ id }) => id));
    for (const entry of wanted) {
      const same = rows.filter(
        (row) =>
          isSame(row, entry) && !above.has(row.id) && !taken.has(row.id) && !this.kept.has(row.id),
      );
      if (same.some(isInWrite)) {
        inWrite.add(entry);
        continue;
      }
      // Several may have borne a body one after the other, each under its own name.
      const row = same.find((one) => this.isGone(one));
      if (row === undefined) continue;
      taken.add(row.id);
      // Nothing told of what was changed in it while it was missing.
      known.set(entry, row.state === 'missing' ? { ...row, listedNs: null } : row);
    }
  }

  /** Where inodes tell nothing: a folder is one that is gone when its time and the names in it are the same. */
  private async findByContents(
    folder: WalkFolder,
    added: readonly DiskEntry[],
    open: OpenFolder,
    { known, inWrite }: Finds,
  ): Promise<void> {
    const above = new Set(idsAbove(folder));
    for (const entry of added) {
      if (entry.kind !== 'folder' || entry.nature !== 'plain' || known.has(entry)) continue;
      const names = namesIn(open, entry.name);
      if (names.length === 0) continue;
      const rows = await this.stores.store.reads.findFoldersHolding(
        this.rules.driveId,
        entry.modifiedMs,
        names,
      );
      if (rows.some(isInWrite)) {
        inWrite.add(entry);
        continue;
      }
      const gone = rows.filter(
        (row) => !above.has(row.id) && !this.found.has(row.id) && this.isGone(row),
      );
      if (gone.length === 1 && gone[0] !== undefined) known.set(entry, gone[0]);
    }
  }

  /** Whether nothing of its kind is where the index has an entry: else that keeps it. */
  private isGone({ state, path, kind }: Candidate): boolean {
    if (state === 'missing') return true;
    const names = path.split('/');
    const name = names.pop() ?? '';
    let folder: OpenFolder | null = null;
    try {
      folder = this.rules.root.openFolder(names);
      return folder.stat(name)?.kind !== kind;
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errorCode(error))) return true;
      throw error;
    } finally {
      folder?.close();
    }
  }
}

/** Whether a folder that was missing is among what was found. */
export function bringsFolderBack(known: Finds['known']): boolean {
  return [...known].some(([{ kind }, { state }]) => kind === 'folder' && state === 'missing');
}

function isInWrite({ state }: Candidate): boolean {
  return state !== 'live' && state !== 'missing';
}

/** By inode and birth time; where there is none, by inode, size and time. */
function isSame(row: Candidate, entry: DiskEntry): boolean {
  if (row.inode !== entry.inode || row.kind !== entry.kind || row.nature === 'link') return false;
  if (row.birthNs !== null && entry.birthNs !== null) return row.birthNs === entry.birthNs;
  return row.kind === 'file' && row.size === entry.size && row.modifiedMs === entry.modifiedMs;
}

function idsAbove(folder: WalkFolder): string[] {
  return folder.parent === null ? [folder.id] : [folder.id, ...idsAbove(folder.parent)];
}

function namesIn(open: OpenFolder, name: string): string[] {
  try {
    const inner = open.child(name);
    try {
      return inner.names();
    } finally {
      inner.close();
    }
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'EPERM'].includes(errorCode(error))) return [];
    throw error;
  }
}
