import type { SmallFile } from '../../drives';

/** What is no larger is read together with its neighbours. Bytes. */
export const SMALL_BYTES = 128 * 1024;
const ROOM_BYTES = 1024 * 1024;
const FILES_IN_ROOM = 64;

/** Small files that were read, until they are released. */
export interface FilledRoom {
  /** All of the room: what was read lies in it from its beginning, each behind its gap. */
  readonly bytes: Buffer;
  /** One for each that was wanted; null for what is to be opened. */
  readonly files: readonly (SmallFile | null)[];
  /** To be called once. */
  readonly release: () => void;
}

/** Reads into a room: see ReadableFolder. */
export type ReadSmall = (room: SharedArrayBuffer) => Promise<readonly (SmallFile | null)[]>;

/** The memory of one archive for small files: rooms that are used again when all that lies in them was sent. */
export class SmallRooms {
  private readonly spare: SharedArrayBuffer[] = [];

  async read(readSmall: ReadSmall): Promise<FilledRoom> {
    const room = this.spare.pop() ?? new SharedArrayBuffer(ROOM_BYTES);
    const files = await readSmall(room);
    return { bytes: Buffer.from(room), files, release: () => this.spare.push(room) };
  }
}

/** Groups files, in their order, so that each group fits into a room; what is not small is a group of its own. */
export function* roomfuls<File extends { readonly size: number; readonly gap: number }>(
  files: readonly File[],
): Generator<File[]> {
  let group: File[] = [];
  let bytes = 0;
  for (const file of files) {
    const isSmall = file.size <= SMALL_BYTES;
    const fits = bytes + file.gap + file.size <= ROOM_BYTES && group.length < FILES_IN_ROOM;
    if (group.length > 0 && !(isSmall && fits)) {
      yield group;
      group = [];
      bytes = 0;
    }
    if (isSmall) {
      group.push(file);
      bytes += file.gap + file.size;
    } else yield [file];
  }
  if (group.length > 0) yield group;
}
