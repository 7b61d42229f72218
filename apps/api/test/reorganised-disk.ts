import { lstat, mkdir, readdir, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';

import type { IndexResult } from '../src/files/indexing/index-protocol';
import type { Dice } from './dice';
import type { IndexedDisk } from './indexed-disk';
import { type Change, isAway, nameOf, parentOf } from './reorganisation';

/** What lies on the disk under a path. */
export interface Lying {
  readonly kind: 'file' | 'folder';
  /** Inode and birth, which nothing else ever has. */
  readonly body: string;
  readonly size: number;
}

interface Dirty {
  readonly folderId: string;
  readonly name: string;
}

/** A disk that others reorganise, of which the system tells what has changed as inotify does. */
export class ReorganisedDisk {
  /** Ids of the folders that are watched, by their bodies. */
  private watched = new Map<string, string>();
  private dirty: Dirty[] = [];
  private readonly away = new Set<string>();

  constructor(
    private readonly disk: IndexedDisk,
    private readonly dice: Dice,
  ) {}

  /** All that lies on it, by path. */
  async read(): Promise<Map<string, Lying>> {
    const found = new Map<string, Lying>();
    for (const place of await readdir(this.disk.drive.place, { recursive: true }))
      found.set(place, await this.lyingAt(place));
    return found;
  }

  /** Listens from now on to all folders that the index knows. */
  async watch(): Promise<void> {
    const known = await this.disk.entries();
    this.watched = new Map([[(await this.lyingAt('')).body, this.disk.drive.rootFolderId]]);
    for (const [place, { kind, body }] of await this.read()) {
      const id = known.get(place)?.id;
      if (kind === 'folder' && id !== undefined) this.watched.set(body, id);
    }
  }

  async apply(changes: readonly Change[]): Promise<void> {
    for (const change of changes) {
      const at = this.pathOf(change.at);
      if (change.does === 'rm') await this.hearOfRemoval(change.at);
      else await this.hear(change.at);
      if (change.does === 'mkdir') await mkdir(at);
      if (change.does === 'rm') await rm(at, { recursive: true });
      if (change.does === 'write') {
        await writeFile(at, '');
        await truncate(at, change.size);
      }
      if (change.does === 'mv') {
        await this.hear(change.to);
        await rename(at, this.pathOf(change.to));
      }
    }
  }

  /** Sets the times of change of all folders back, so that they are not read again for being new. */
  async age(year: number, areAlike: boolean): Promise<void> {
    const folders = [...(await this.read())].filter(([, { kind }]) => kind === 'folder');
    for (const [index, place] of ['', ...folders.map(([name]) => name)].entries()) {
      const time = new Date(year, 1, 1, 0, 0, areAlike ? 0 : index);
      await utimes(this.disk.at(place), time, time);
    }
  }

  /** Has the index look at what was heard of, in any order, and in so many looks at the most. */
  async look(times: number): Promise<IndexResult[]> {
    const heard = this.dirty.splice(0).map((one) => ({ one, place: this.dice.next() }));
    heard.sort((one, other) => one.place - other.place);
    const looks = Array.from({ length: times }, () => new Map<string, string[] | null>());
    for (const { one } of heard) {
      const look = this.dice.pick(looks);
      const names = look?.get(one.folderId);
      if (names !== null)
        look?.set(
          one.folderId,
          this.dice.next() < 0.1 ? null : [...new Set([...(names ?? []), one.name])],
        );
    }
    const results: IndexResult[] = [];
    for (const look of looks) {
      const folders = [...look].map(([folderId, names]) => ({ folderId, names }));
      if (folders.length > 0) results.push(await this.lookAt(folders));
    }
    return results;
  }

  lookAt(folders: readonly { folderId: string; names: string[] | null }[]): Promise<IndexResult> {
    const { drive } = this.disk;
    return this.disk.index().look({ kind: 'look', drive, folders });
  }

  /** Removes what was taken away from it. */
  async forget(): Promise<void> {
    for (const place of this.away) await rm(place, { recursive: true, force: true });
  }

  private async hear(place: string): Promise<void> {
    if (isAway(place)) return;
    const { body } = await this.lyingAt(parentOf(place));
    const folderId = this.watched.get(body);
    if (folderId !== undefined) this.dirty.push({ folderId, name: nameOf(place) });
  }

  private async hearOfRemoval(place: string): Promise<void> {
    const all = [...(await this.read()).keys()];
    for (const below of all.filter((one) => one.startsWith(`${place}/`))) await this.hear(below);
    await this.hear(place);
  }

  private async lyingAt(place: string): Promise<Lying> {
    const stats = await lstat(this.disk.at(place), { bigint: true });
    const kind = stats.isDirectory() ? 'folder' : 'file';
    return { kind, body: `${stats.ino}:${stats.birthtimeNs}`, size: Number(stats.size) };
  }

  private pathOf(place: string): string {
    if (!isAway(place)) return path.join(this.disk.drive.place, place);
    const beside = `${this.disk.drive.place}-${place.replace('/', '-')}`;
    this.away.add(beside);
    return beside;
  }
}
