/**
 * The records of a ZIP file (APPNOTE.TXT 6.3.9), pure. Nothing is compressed: what takes room at home (pictures, films,
 * music, archives) is compressed already, and deflate would take ten times the CPU of sending it.
 */

const LOCAL_HEADER = 0x04034b50;
const DATA_DESCRIPTOR = 0x08074b50;
const CENTRAL_HEADER = 0x02014b50;
const ZIP64_END = 0x06064b50;
const ZIP64_LOCATOR = 0x07064b50;
const END = 0x06054b50;

const PLAIN_VERSION = 20;
const ZIP64_VERSION = 45;
/** The upper byte: modes are those of Unix. */
const MADE_BY = (3 << 8) | ZIP64_VERSION;
const FILE_MODE = 0o100644;
const FOLDER_MODE = 0o40755;
const DOS_FOLDER = 0x10;

/** Bit 3: checksum and sizes follow the content. Bit 11: names are UTF-8. */
const SIZES_FOLLOW = 1 << 3;
const UTF8_NAMES = 1 << 11;

const ZIP64_FIELD = 0x0001;
const TIME_FIELD = 0x5455;

const LOCAL_HEADER_LENGTH = 30;
const CENTRAL_HEADER_LENGTH = 46;
const TIME_FIELD_LENGTH = 9;

export const MAXIMUM_NAME_LENGTH = 0xffff;
/** What is that large, or larger, does not fit into the fields of 32 bits. */
const MAXIMUM_32 = 0xffffffff;
const MAXIMUM_16 = 0xffff;
const LAST_SECOND = 2 ** 31 - 1;

/** What is said of an entry before its content. */
export interface ZipEntryHead {
  /** UTF-8, with `/` between its parts, and at the end for a folder. */
  readonly name: Buffer;
  readonly modifiedAt: Date;
  /** null: they follow the content. */
  readonly known: { readonly crc: number; readonly size: number } | null;
  /** Whether the content may be of 4 GiB or more. */
  readonly isLarge: boolean;
}

/** What is said of it at the end of the archive. */
export interface ZipEntryRecord extends Omit<ZipEntryHead, 'known'> {
  readonly crc: number;
  readonly size: number;
  readonly areSizesBehind: boolean;
  /** Where its head begins. */
  readonly offset: number;
}

/** How long the header of a file below 4 GiB is, before any more is known of it. Bytes. */
export function localHeaderLength(path: string): number {
  return LOCAL_HEADER_LENGTH + Buffer.byteLength(path) + TIME_FIELD_LENGTH;
}

export function localHeader({ name, modifiedAt, known, isLarge }: ZipEntryHead): Buffer {
  const time = timeField(modifiedAt);
  const extra = isLarge
    ? Buffer.concat([field(ZIP64_FIELD, uint64(known?.size ?? 0, known?.size ?? 0)), time])
    : time;
  const header = record(LOCAL_HEADER, LOCAL_HEADER_LENGTH, name, extra);
  header.writeUInt16LE(isLarge ? ZIP64_VERSION : PLAIN_VERSION, 4);
  header.writeUInt16LE(flags(known === null), 6);
  writeDosTime(header, 10, modifiedAt);
  header.writeUInt32LE(known?.crc ?? 0, 14);
  header.writeUInt32LE(isLarge ? MAXIMUM_32 : (known?.size ?? 0), 18);
  header.writeUInt32LE(isLarge ? MAXIMUM_32 : (known?.size ?? 0), 22);
  header.writeUInt16LE(name.length, 26);
  header.writeUInt16LE(extra.length, 28);
  return header;
}

/** Behind the content of an entry whose head could not tell. */
export function dataDescriptor(crc: number, size: number, isLarge: boolean): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32LE(DATA_DESCRIPTOR, 0);
  head.writeUInt32LE(crc, 4);
  return Buffer.concat([head, isLarge ? uint64(size, size) : uint32(size, size)]);
}

export function centralHeader(entry: ZipEntryRecord): Buffer {
  const { name, modifiedAt, crc, size, offset, isLarge } = entry;
  const isFolder = name.at(-1) === '/'.charCodeAt(0);
  const isSizeLarge = isLarge || size >= MAXIMUM_32;
  const isOffsetLarge = offset >= MAXIMUM_32;
  const wide = [...(isSizeLarge ? [size, size] : []), ...(isOffsetLarge ? [offset] : [])];
  const time = timeField(modifiedAt);
  const extra = wide.length > 0 ? Buffer.concat([field(ZIP64_FIELD, uint64(...wide)), time]) : time;
  const header = record(CENTRAL_HEADER, CENTRAL_HEADER_LENGTH, name, extra);
  header.writeUInt16LE(MADE_BY, 4);
  header.writeUInt16LE(wide.length > 0 ? ZIP64_VERSION : PLAIN_VERSION, 6);
  header.writeUInt16LE(flags(entry.areSizesBehind), 8);
  writeDosTime(header, 12, modifiedAt);
  header.writeUInt32LE(crc, 16);
  header.writeUInt32LE(isSizeLarge ? MAXIMUM_32 : size, 20);
  header.writeUInt32LE(isSizeLarge ? MAXIMUM_32 : size, 24);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt16LE(extra.length, 30);
  header.writeUInt16LE(isFolder ? FOLDER_MODE : FILE_MODE, 40);
  header.writeUInt16LE(isFolder ? DOS_FOLDER : 0, 38);
  header.writeUInt32LE(isOffsetLarge ? MAXIMUM_32 : offset, 42);
  return header;
}

/** The end of the archive, with the records of ZIP64 where it is that large. Lengths and places in bytes. */
export function endOfArchive(count: number, directoryLength: number, directoryAt: number): Buffer {
  const isLarge = count >= MAXIMUM_16 || directoryLength + directoryAt >= MAXIMUM_32;
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(Math.min(count, MAXIMUM_16), 8);
  end.writeUInt16LE(Math.min(count, MAXIMUM_16), 10);
  end.writeUInt32LE(Math.min(directoryLength, MAXIMUM_32), 12);
  end.writeUInt32LE(Math.min(directoryAt, MAXIMUM_32), 16);
  if (!isLarge) return end;
  const zip64 = Buffer.alloc(24);
  zip64.writeUInt32LE(ZIP64_END, 0);
  zip64.writeBigUInt64LE(44n, 4); // what follows of this record
  zip64.writeUInt16LE(MADE_BY, 12);
  zip64.writeUInt16LE(ZIP64_VERSION, 14);
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(ZIP64_LOCATOR, 0);
  locator.writeBigUInt64LE(BigInt(directoryAt + directoryLength), 8);
  locator.writeUInt32LE(1, 16);
  const counts = uint64(count, count, directoryLength, directoryAt);
  return Buffer.concat([zip64, counts, locator, end]);
}

/** The fixed part of a record with its signature, otherwise zero, and behind it the name and the extra fields. */
function record(signature: number, length: number, name: Buffer, extra: Buffer): Buffer {
  // From the pool: two of them for each file of an archive would keep the garbage collector busy.
  const bytes = Buffer.allocUnsafe(length + name.length + extra.length);
  bytes.fill(0, 4, length);
  bytes.writeUInt32LE(signature, 0);
  name.copy(bytes, length);
  extra.copy(bytes, length + name.length);
  return bytes;
}

function flags(areSizesBehind: boolean): number {
  return areSizesBehind ? UTF8_NAMES | SIZES_FOLLOW : UTF8_NAMES;
}

function field(id: number, content: Buffer): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16LE(id, 0);
  head.writeUInt16LE(content.length, 2);
  return Buffer.concat([head, content]);
}

/**
 * In UTC and to the second, where the time of DOS is local and even. Where 32 bits do not hold it, the field says that
 * it holds no time: so its length is the same for all.
 */
function timeField(time: Date): Buffer {
  const seconds = Math.floor(time.getTime() / 1000);
  const isHeld = Math.abs(seconds) <= LAST_SECOND;
  const bytes = Buffer.allocUnsafe(TIME_FIELD_LENGTH);
  bytes.writeUInt16LE(TIME_FIELD, 0);
  bytes.writeUInt16LE(TIME_FIELD_LENGTH - 4, 2);
  bytes.writeUInt8(isHeld ? 1 : 0, 4); // the time of the last change alone
  bytes.writeInt32LE(isHeld ? seconds : 0, 5);
  return bytes;
}

/** From 1980 to 2107, in the time of this machine. */
function writeDosTime(buffer: Buffer, at: number, time: Date): void {
  const year = Math.min(2107, Math.max(1980, time.getFullYear())) - 1980;
  buffer.writeUInt16LE(
    (time.getHours() << 11) | (time.getMinutes() << 5) | (time.getSeconds() >> 1),
    at,
  );
  buffer.writeUInt16LE((year << 9) | ((time.getMonth() + 1) << 5) | time.getDate(), at + 2);
}

function uint32(...values: number[]): Buffer {
  const buffer = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => buffer.writeUInt32LE(value, 4 * index));
  return buffer;
}

function uint64(...values: number[]): Buffer {
  const buffer = Buffer.alloc(8 * values.length);
  values.forEach((value, index) => buffer.writeBigUInt64LE(BigInt(value), 8 * index));
  return buffer;
}
