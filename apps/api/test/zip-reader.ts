/** An entry as the directory at the end of an archive has it, with the content that it leads to. */
export interface ZipEntry {
  readonly name: string;
  readonly content: Buffer;
  readonly modifiedAt: Date | null;
}

const [END, CENTRAL] = [0x06054b50, 0x02014b50];
const TIME = 0x5455;

/** Reads an archive without compression, of less than 65,535 entries and 4 GiB. */
export function readZip(archive: Buffer): ZipEntry[] {
  const end = archive.length - 22;
  if (archive.readUInt32LE(end) !== END) throw new Error('The archive has no end.');
  const entries: ZipEntry[] = [];
  let at = archive.readUInt32LE(end + 16);
  for (let index = 0; index < archive.readUInt16LE(end + 10); index += 1) {
    if (archive.readUInt32LE(at) !== CENTRAL) throw new Error('No entry of the directory.');
    const size = archive.readUInt32LE(at + 24);
    const nameLength = archive.readUInt16LE(at + 28);
    const extraLength = archive.readUInt16LE(at + 30);
    const local = archive.readUInt32LE(at + 42);
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
    const extra = archive.subarray(at + 46 + nameLength, at + 46 + nameLength + extraLength);
    entries.push({
      name: archive.toString('utf8', at + 46, at + 46 + nameLength),
      content: archive.subarray(start, start + size),
      modifiedAt: timeIn(extra),
    });
    at += 46 + nameLength + extraLength;
  }
  return entries;
}

function timeIn(extra: Buffer): Date | null {
  for (let at = 0; at < extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    const hasTime = extra.readUInt16LE(at) === TIME && extra.readUInt8(at + 4) === 1;
    if (hasTime) return new Date(extra.readInt32LE(at + 5) * 1000);
  }
  return null;
}
