import type { ReadableFile } from '../../drives';

/** What an archive is made of, in its order. Paths are those in the archive, with `/` between the parts. */
export type ArchiveItem =
  | { readonly kind: 'folder'; readonly path: string; readonly modifiedAt: Date }
  | {
      readonly kind: 'file';
      readonly path: string;
      /** Whoever opens it closes it. */
      readonly open: () => Promise<ReadableFile>;
    }
  /** What cannot be in it, and why, in words. */
  | { readonly kind: 'left'; readonly path: string; readonly reason: string };
