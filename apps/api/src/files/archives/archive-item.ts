import type { ReadableFile } from '../../drives';
import type { SmallContent } from './small-rooms';

/** What an archive is made of, in its order. Paths are those in the archive, with `/` between the parts. */
export type ArchiveItem =
  | { readonly kind: 'folder'; readonly path: string; readonly modifiedAt: Date }
  | {
      readonly kind: 'file';
      readonly path: string;
      /** What was read of it already, if it is small; null: it is to be opened. Whoever has it releases it. */
      readonly ready?: Promise<SmallContent | null>;
      /** Whoever opens it closes it. */
      readonly open: () => Promise<ReadableFile>;
    }
  /** What cannot be in it, and why, in words. */
  | { readonly kind: 'left'; readonly path: string; readonly reason: string };
