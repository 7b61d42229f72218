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

/** What the thread is asked for. Names as the system takes them. */
export interface SmallFilesRequest {
  readonly id: number;
  readonly files: readonly { readonly path: string | Uint8Array; readonly gap: number }[];
  readonly room: SharedArrayBuffer;
}

/** One for each of them: null for what is no regular file, does not fit in, or cannot be read whole. */
export interface SmallFilesAnswer {
  readonly id: number;
  readonly files: readonly (SmallFile | null)[];
}
