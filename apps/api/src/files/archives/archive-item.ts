import type { ReadableFile } from '../../drives';
import type { ArchivedEntry } from './archived-tree.repository';
import type { FilledRoom } from './small-rooms';

/** A file of an archive. */
export interface FileItem {
  readonly kind: 'file';
  readonly path: string;
  /** As the index has it. */
  readonly known: Pick<ArchivedEntry, 'size' | 'modifiedAt'>;
  /** Whoever opens it closes it. */
  readonly open: () => Promise<ReadableFile>;
}

/** Small files, which are read together. */
export interface GroupItem {
  readonly kind: 'group';
  readonly files: readonly FileItem[];
  /** One for each of them, in their order; null: each is to be opened. Whoever has it releases it. */
  readonly reading: Promise<FilledRoom | null>;
}

/** What an archive is made of, in its order. Paths are those in the archive, with `/` between the parts. */
export type ArchiveItem =
  | { readonly kind: 'folder'; readonly path: string; readonly modifiedAt: Date }
  | FileItem
  | GroupItem
  /** What cannot be in it, and why, in words. */
  | { readonly kind: 'left'; readonly path: string; readonly reason: string };
