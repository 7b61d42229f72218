import type { DiskEntry } from './disk-entry';
import type { Candidate, Place } from './index-reads.repository';
import type { IndexStores } from './index-writer';
import type { MissingRow } from './missing-store.repository';
import type { WalkFolder } from './walk-folder';

/** What was seen in a folder that the index does not have there. */
export interface Unknown {
  readonly folder: WalkFolder;
  readonly entries: readonly DiskEntry[];
}

/**
 * What the index knows that may be what was found. Where many folders are looked at it is asked for all of them at
 * once, before; what has changed since is refused when it is written.
 */
export class MoveLookups {
  private hasMissing: boolean | null = null;
  private readonly missing = new Map<string, readonly MissingRow[]>();
  private readonly byInode = new Map<bigint, Candidate[]>();

  constructor(
    private readonly stores: IndexStores,
    private readonly driveId: string,
  ) {}

  async prepare(unknown: readonly Unknown[]): Promise<void> {
    const places = unknown.flatMap(({ folder, entries }) =>
      entries.map(({ name }) => ({ parentId: folder.id, filename: name })),
    );
    if (places.length === 0) return;
    await this.readMissing(places);
    await this.readInodes(unknown.flatMap(({ entries }) => entries.map(({ inode }) => inode)));
  }

  /** What is missing at these places. */
  async findMissingAt(folder: WalkFolder, names: readonly string[]): Promise<MissingRow[]> {
    const places = names.map((filename) => ({ parentId: folder.id, filename }));
    await this.readMissing(places.filter((place) => !this.missing.has(keyOf(place))));
    return places.flatMap((place) => this.missing.get(keyOf(place)) ?? []);
  }

  /** What bears these inodes. */
  async findByInodes(inodes: readonly bigint[]): Promise<Candidate[]> {
    await this.readInodes(inodes.filter((inode) => !this.byInode.has(inode)));
    return inodes.flatMap((inode) => this.byInode.get(inode) ?? []);
  }

  private async readMissing(places: readonly Place[]): Promise<void> {
    this.hasMissing ??= await this.stores.missing.hasMissing(this.driveId);
    if (!this.hasMissing || places.length === 0) return;
    for (const place of places) this.missing.set(keyOf(place), []);
    for (const row of await this.stores.missing.findMissingAt(places))
      this.missing.set(keyOf(row), [...(this.missing.get(keyOf(row)) ?? []), row]);
  }

  private async readInodes(inodes: readonly bigint[]): Promise<void> {
    if (inodes.length === 0) return;
    for (const inode of inodes) this.byInode.set(inode, []);
    for (const row of await this.stores.store.reads.findByInodes(this.driveId, inodes))
      if (row.inode !== null) this.byInode.get(row.inode)?.push(row);
  }
}

function keyOf({ parentId, filename }: Place): string {
  return `${parentId}/${filename}`;
}
