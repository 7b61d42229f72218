import {
  type BigIntStats,
  closeSync,
  constants,
  fstatSync,
  futimesSync,
  lstatSync,
  openSync,
  readdirSync,
  readlinkSync,
  writeSync,
} from 'node:fs';

import { errorCode } from '../../platform/filesystem/error-code';
import { bytesOfName, nameOfBytes } from '../../platform/filesystem/name-bytes';
import type { DiskEntry } from './disk-entry';

const FLAGS = constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NONBLOCK;
const OWN_FILE_MODE = 0o644;
const NS_IN_MS = 1_000_000n;
/** What is told of filesystems mounted below that are dead, or somebody else's alone: FUSE shows those not even to root. */
const HIDDEN = ['EACCES', 'EPERM', 'ENOTCONN'];
/** By number, which is a tenth cheaper for each entry than the link `self`. */
const OWN_DESCRIPTORS = process.platform === 'linux' ? `/proc/${process.pid}/fd` : null;
/** What a name that is no UTF-8, or that could be taken for one of those, has in it when it was read as text. */
const SUSPICIOUS = /[\ufffd\uef80-\uefff]/;

/**
 * A folder that is held open while it is read: what is reached through it lies in it, whatever is swapped for a
 * link meanwhile. Everything waits for the disk, and is for the thread of the index alone.
 */
export class OpenFolder {
  private constructor(
    private readonly descriptor: number,
    private readonly place: string | Buffer,
    readonly device: bigint,
    readonly inode: bigint,
    /** The folder's own time of change, before its entries were read. */
    readonly modifiedNs: bigint,
  ) {}

  /** @param place a path that is trusted, links and all. @throws the system's errors */
  static root(place: string): OpenFolder {
    return OpenFolder.hold(openSync(place, FLAGS), place);
  }

  private static hold(descriptor: number, fallback: string | Buffer): OpenFolder {
    const place = OWN_DESCRIPTORS === null ? fallback : `${OWN_DESCRIPTORS}/${descriptor}`;
    try {
      // Also where it may be listed, and nothing in it looked at: what it is said to lack then is not gone.
      if (OWN_DESCRIPTORS !== null) lstatSync(`${OWN_DESCRIPTORS}/${descriptor}/.`);
      const stats = fstatSync(descriptor, { bigint: true });
      return new OpenFolder(descriptor, place, stats.dev, stats.ino, stats.mtimeNs);
    } catch (error) {
      closeSync(descriptor);
      throw error;
    }
  }

  /** Opens a folder in this one; a link is not followed. @throws the system's ENOENT, ENOTDIR, ELOOP, EACCES */
  child(name: string): OpenFolder {
    const at = this.at(name);
    return OpenFolder.hold(openSync(at, FLAGS | constants.O_NOFOLLOW), at);
  }

  /** All names, in no order. */
  names(): string[] {
    const names = readdirSync(this.place);
    if (!names.some((name) => SUSPICIOUS.test(name))) return names;
    return readdirSync(this.place, { encoding: 'buffer' }).map(nameOfBytes);
  }

  /** null when nothing is there, or something that is not served: a socket, a pipe, a device. */
  stat(name: string): DiskEntry | null {
    const at = this.at(name);
    const stats = look(at);
    if (stats === 'hidden') return hiddenMount(name);
    if (stats === undefined) return null;
    if (stats.isFile()) return entryOf(name, 'file', stats);
    if (stats.isDirectory()) {
      const nature = stats.dev === this.device ? 'plain' : 'mount';
      return { ...entryOf(name, 'folder', stats), nature };
    }
    return stats.isSymbolicLink() ? linkOf(name, stats, at) : null;
  }

  /** A path by which it can be reached as long as it is open. */
  get reachedAt(): string {
    return typeof this.place === 'string' ? this.place : nameOfBytes(this.place);
  }

  /** Opens a file for reading; a link is not followed. @returns its descriptor. @throws the system's errors */
  openFile(name: string): number {
    return openSync(
      this.at(name),
      constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK,
    );
  }

  /** Sets the times of a file of ours, which is made where there is none; a link is not followed. @throws the system's errors */
  touchFile(name: string, content: string): void {
    const descriptor = openSync(
      this.at(name),
      constants.O_WRONLY | constants.O_CREAT | constants.O_NOFOLLOW | constants.O_NONBLOCK,
      OWN_FILE_MODE,
    );
    try {
      if (fstatSync(descriptor).size === 0) writeSync(descriptor, content);
      futimesSync(descriptor, new Date(), new Date());
    } finally {
      closeSync(descriptor);
    }
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private at(name: string): string | Buffer {
    const bytes = bytesOfName(name);
    if (typeof bytes === 'string' && typeof this.place === 'string')
      return `${this.place}/${bytes}`;
    return Buffer.concat([Buffer.from(this.place), Buffer.from('/'), Buffer.from(bytes)]);
  }
}

function look(at: string | Buffer): BigIntStats | 'hidden' | undefined {
  try {
    return lstatSync(at, { bigint: true, throwIfNoEntry: false });
  } catch (error) {
    if (HIDDEN.includes(errorCode(error))) return 'hidden';
    throw error;
  }
}

/** There is something, and the system says no more of it. */
function hiddenMount(name: string): DiskEntry {
  const unknown = { size: 0, modifiedMs: 0, inode: 0n, birthNs: null, links: 1 };
  return { name, kind: 'folder', nature: 'mount', linkTarget: null, ...unknown };
}

function entryOf(name: string, kind: DiskEntry['kind'], stats: BigIntStats): DiskEntry {
  return {
    name,
    kind,
    nature: 'plain',
    linkTarget: null,
    size: kind === 'folder' ? 0 : Number(stats.size),
    modifiedMs: Number(stats.mtimeNs / NS_IN_MS),
    inode: stats.ino,
    birthNs: stats.birthtimeNs > 0n ? stats.birthtimeNs : null,
    links: Number(stats.nlink),
  };
}

function linkOf(name: string, stats: BigIntStats, at: string | Buffer): DiskEntry | null {
  try {
    const linkTarget = nameOfBytes(readlinkSync(at, { encoding: 'buffer' }));
    return { ...entryOf(name, 'file', stats), nature: 'link', linkTarget };
  } catch (error) {
    // It was replaced since it was looked at: the change is told, and looked at again.
    if (['ENOENT', 'EINVAL'].includes(errorCode(error))) return null;
    throw error;
  }
}
