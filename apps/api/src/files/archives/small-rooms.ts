import type { SmallFile } from '../../drives';

/** What is no larger is read together with its neighbours. Bytes. */
export const SMALL_BYTES = 128 * 1024;
const ROOM_BYTES = 1024 * 1024;
const FILES_IN_ROOM = 64;

/** A small file that was read, until it is released. */
export interface SmallContent {
  readonly bytes: Buffer;
  readonly crc32: number;
  readonly modifiedAt: Date;
  readonly release: () => void;
}

/** Reads into a room: see ReadableFolder. */
export type ReadSmall = (room: SharedArrayBuffer) => Promise<readonly (SmallFile | null)[]>;

/** The memory of one archive for small files: rooms that are used again when all that lies in them was sent. */
export class SmallRooms {
  private readonly spare: SharedArrayBuffer[] = [];

  /** @returns one for each file, in its order; null for what is to be opened */
  async read(readSmall: ReadSmall): Promise<readonly (SmallContent | null)[]> {
    const room = this.spare.pop() ?? new SharedArrayBuffer(ROOM_BYTES);
    const files = await readSmall(room);
    let unsent = files.filter((file) => file !== null).length;
    if (unsent === 0) this.spare.push(room);
    const release = () => {
      unsent -= 1;
      if (unsent === 0) this.spare.push(room);
    };
    return files.map((file) => {
      if (file === null) return null;
      const bytes = Buffer.from(room, file.start, file.size);
      return { bytes, crc32: file.crc32, modifiedAt: file.modifiedAt, release };
    });
  }
}

/** Groups files, in their order, so that each group fits into a room; what is not small is a group of its own. */
export async function* roomfuls<File extends { readonly size: number }>(
  files: AsyncIterable<File>,
): AsyncGenerator<File[]> {
  let group: File[] = [];
  let bytes = 0;
  for await (const file of files) {
    const isSmall = file.size <= SMALL_BYTES;
    const fits = bytes + file.size <= ROOM_BYTES && group.length < FILES_IN_ROOM;
    if (group.length > 0 && !(isSmall && fits)) {
      yield group;
      group = [];
      bytes = 0;
    }
    if (isSmall) {
      group.push(file);
      bytes += file.size;
    } else yield [file];
  }
  if (group.length > 0) yield group;
}
