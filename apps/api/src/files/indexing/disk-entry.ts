import type { EntryNature } from '@homeserver/dto';

/** What lies on a disk under one name. Times as the filesystem has them. */
export interface DiskEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder';
  readonly nature: EntryNature;
  readonly linkTarget: string | null;
  /** Bytes; 0 for a folder. */
  readonly size: number;
  readonly modifiedMs: number;
  readonly inode: bigint;
  /** When it was made, in nanoseconds; null where the filesystem does not know. */
  readonly birthNs: bigint | null;
  /** How many names it has. */
  readonly links: number;
}
