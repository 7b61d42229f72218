import type { StoredFile } from './drive-storage';

/** A small file that is to be read into a room. */
export interface WantedSmallFile {
  readonly name: string;
  /** How much of the room stays free before it, for what the caller has to say of it. Bytes. */
  readonly gap: number;
}

/** A small file that lies in the room that its reader was given. */
export interface SmallFile {
  /** Where it begins in the room. Bytes. */
  readonly start: number;
  readonly size: number;
  readonly crc32: number;
  readonly modifiedAt: Date;
}

/** A name as the system takes it. */
export type SystemName = string | Uint8Array;

/** Files that are to be read into a room, one behind the other. */
export interface ReadWork {
  readonly kind: 'read';
  readonly files: readonly { readonly path: SystemName; readonly gap: number }[];
  readonly room: SharedArrayBuffer;
}

/** New files that are to be made of what lies in a room, and to be on the disk. Bytes. */
export interface WriteWork {
  readonly kind: 'write';
  readonly files: readonly {
    readonly path: SystemName;
    readonly start: number;
    readonly size: number;
  }[];
  readonly room: SharedArrayBuffer;
}

/** Files that are to have another name in one folder, which is on the disk before the old one goes. */
export interface NameWork {
  readonly kind: 'name';
  readonly files: readonly { readonly from: SystemName; readonly to: SystemName }[];
  /** That of the new names. */
  readonly folder: SystemName;
}

export type SmallFilesWork = ReadWork | WriteWork | NameWork;

/** What the system said of one file. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** A file that was written, or why it was not: something of it may be there then. */
export type WriteOutcome =
  { readonly sha256: Uint8Array; readonly file: StoredFile } | { readonly refusal: Refusal };

/** Whether a file has its new name: where not it is as before, and whoever tries it alone learns why. */
export type NameOutcome = boolean | { readonly refusal: Refusal };

/** What becomes of the files, one for each. */
export interface SmallFilesResults {
  /** null for what is no regular file, does not fit in, or cannot be read whole. */
  readonly read: readonly (SmallFile | null)[];
  readonly write: readonly WriteOutcome[];
  /** A refusal: the name may not be on the disk, and a failed sync is never tried again. */
  readonly name: readonly NameOutcome[];
}

/** What the thread is asked for. */
export interface SmallFilesRequest {
  readonly id: number;
  readonly work: SmallFilesWork;
}

export interface SmallFilesAnswer {
  readonly id: number;
  /** Those of the kind that was asked for. */
  readonly results: Partial<SmallFilesResults>;
}
