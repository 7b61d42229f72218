import { createHash } from 'node:crypto';
import { closeSync, fstatSync, readSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

import type { Client } from 'pg';

import { errorCode } from '../../platform/filesystem/error-code';
import { contentTypeOf } from '../uploads/content-type';
import type { DriveRoot } from './drive-root.adapter';
import type { HashStore, UnhashedFile } from './hash-store.repository';
import { HashStore as Store } from './hash-store.repository';
import type { IndexedDrive, IndexResult } from './index-protocol';
import type { IndexStores } from './index-writer';
import type { WalkHooks } from './walk-rules';
import { toFileMetadata } from '../entries/entry';

const FILES_AT_ONCE = 50;
const READ_BYTES = 1024 * 1024;
const HEAD_BYTES = 4100;
/** Of the time, what reading and hashing may take: people who use the disk come first. */
const BUSY_SHARE = 0.25;
const NS_IN_MS = 1_000_000n;
const GONE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'];
const FORBIDDEN = ['EACCES', 'EPERM'];

type Turn = WalkHooks['turn'];

/** Reads files for their SHA-256 and their type, a few at a time, and slowly. */
export class FileHasher {
  private readonly store: HashStore;
  private readonly buffer = Buffer.allocUnsafeSlow(READ_BYTES);
  /** What failed is not tried again by this process. */
  private readonly failed = new Set<string>();

  constructor(
    client: Client,
    private readonly stores: IndexStores,
  ) {
    this.store = new Store(client);
  }

  async hashSome(drive: IndexedDrive, root: DriveRoot, turn: Turn): Promise<IndexResult> {
    const files = await this.store.readUnhashed(drive.driveId, FILES_AT_ONCE, [...this.failed]);
    for (const file of files) {
      await this.hashOne(drive, root, file, turn);
      await turn(0, []);
    }
    return {
      isElsewhere: false,
      seenCount: files.length,
      wasFirst: false,
      question: null,
      isSettled: false,
      isDoubtful: false,
      busy: [],
      hasMore: files.length === FILES_AT_ONCE,
    };
  }

  private async hashOne(
    drive: IndexedDrive,
    root: DriveRoot,
    file: UnhashedFile,
    turn: Turn,
  ): Promise<void> {
    try {
      const read = await this.read(root, file, turn);
      if (read === null) {
        this.failed.add(file.id);
        return;
      }
      await this.store.setHash(file, read.sha256, await contentTypeOf(read.head, file.filename));
      await this.claim(drive, file.id);
    } catch (error) {
      const code = errorCode(error);
      if (FORBIDDEN.includes(code)) await this.store.setUnreadable(file.id);
      else if (GONE.includes(code) || code === 'EIO') this.failed.add(file.id);
      else throw error;
    }
  }

  /** null when the file is not, or not any more, the one that the index knows. */
  private async read(
    root: DriveRoot,
    file: UnhashedFile,
    turn: Turn,
  ): Promise<{ sha256: Buffer; head: Buffer } | null> {
    const names = file.path.split('/');
    const name = names.pop() ?? '';
    const folder = root.openFolder(names);
    let descriptor: number;
    try {
      descriptor = folder.openFile(name);
    } finally {
      folder.close();
    }
    try {
      if (!isAsKnown(descriptor, file)) return null;
      const hash = createHash('sha256');
      let head = Buffer.alloc(0);
      let busyMs = 0;
      for (;;) {
        const began = performance.now();
        const count = readSync(descriptor, this.buffer, 0, READ_BYTES, null);
        const bytes = this.buffer.subarray(0, count);
        if (head.length === 0) head = Buffer.from(bytes.subarray(0, HEAD_BYTES));
        hash.update(bytes);
        busyMs += performance.now() - began;
        if (count === 0) break;
        // A pause for each stretch of work, never so short that timers cost more.
        if (busyMs < 5) continue;
        await delay((busyMs * (1 - BUSY_SHARE)) / BUSY_SHARE);
        busyMs = 0;
        await turn(0, []);
      }
      return isAsKnown(descriptor, file) ? { sha256: hash.digest(), head } : null;
    } finally {
      closeSync(descriptor);
    }
  }

  /** A file that is missing, and has this content, may be this one. */
  private async claim({ driveId }: IndexedDrive, id: string): Promise<void> {
    const { store, missing, log } = this.stores;
    if (!(await missing.hasMissing(driveId))) return;
    await store.transaction(async () => {
      await store.lockTotals(driveId);
      const claim = await missing.findClaimByHash(id);
      const taken = claim === null ? null : await missing.takeOver(claim);
      if (taken === null) return;
      await log.record([
        { what: 'deleted', file: toFileMetadata(taken.removed) },
        { what: 'restored', file: toFileMetadata(taken.restored) },
      ]);
    });
  }
}

function isAsKnown(descriptor: number, file: UnhashedFile): boolean {
  const stats = fstatSync(descriptor, { bigint: true });
  return (
    stats.isFile() &&
    Number(stats.size) === file.size &&
    Number(stats.mtimeNs / NS_IN_MS) === file.modifiedMs
  );
}
