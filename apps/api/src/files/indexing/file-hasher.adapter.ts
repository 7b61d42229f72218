import type { Client } from 'pg';

import { errorCode } from '../../platform/filesystem/error-code';
import { contentTypeOf } from '../uploads/content-type';
import { NOTHING } from './drive-index';
import type { DriveRoot } from './drive-root.adapter';
import { FORBIDDEN, type FileReading, GONE } from './file-reading.adapter';
import type { HashStore, UnhashedFile } from './hash-store.repository';
import { HashStore as Store } from './hash-store.repository';
import type { IndexedDrive, IndexResult } from './index-protocol';
import type { IndexStores } from './index-writer';
import type { WalkHooks } from './walk-rules';
import { toFileMetadata } from '../entries/entry';

const FILES_AT_ONCE = 50;

type Turn = WalkHooks['turn'];

/** Reads files for their SHA-256 and their type, a few at a time, and slowly. */
export class FileHasher {
  private readonly store: HashStore;
  /** What failed is not tried again by this process. */
  private readonly failed = new Set<string>();

  constructor(
    client: Client,
    private readonly stores: IndexStores,
    private readonly reading: FileReading,
  ) {
    this.store = new Store(client);
  }

  async hashSome(drive: IndexedDrive, root: DriveRoot, turn: Turn): Promise<IndexResult> {
    const files = await this.store.readUnhashed(drive.driveId, FILES_AT_ONCE, [...this.failed]);
    for (const file of files) {
      await this.hashOne(drive, root, file, turn);
      await turn(0, []);
    }
    return { ...NOTHING, seenCount: files.length, hasMore: files.length === FILES_AT_ONCE };
  }

  private async hashOne(
    drive: IndexedDrive,
    root: DriveRoot,
    file: UnhashedFile,
    turn: Turn,
  ): Promise<void> {
    try {
      const read = await this.reading.read(root, { ...file, inode: null }, turn);
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
