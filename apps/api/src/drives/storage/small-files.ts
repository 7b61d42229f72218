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
  readonly paths: readonly (string | Uint8Array)[];
  readonly room: SharedArrayBuffer;
}

/** One for each path: null for what is no regular file, does not fit in, or cannot be read whole. */
export interface SmallFilesAnswer {
  readonly id: number;
  readonly files: readonly (SmallFile | null)[];
}
