import { setTimeout as delay } from 'node:timers/promises';

import { errorCode } from '../../platform/filesystem/error-code';
import { toFileMetadata } from '../entries/entry';
import { NOTHING } from '../indexing/drive-index';
import type { DriveRoot } from '../indexing/drive-root.adapter';
import { FORBIDDEN, type FileReading, GONE } from '../indexing/file-reading.adapter';
import type { IndexedDrive, IndexResult, VerifyWish } from '../indexing/index-protocol';
import type { IndexStores } from '../indexing/index-writer';
import { hasTellingInodes } from '../indexing/telling-inodes.adapter';
import type { WalkHooks } from '../indexing/walk-rules';
import type { HashedFile, VerificationStore } from './verification-store.repository';

const FILES_AT_ONCE = 50;
/** With large files fewer at once: where it is is saved after each of these. */
const BYTES_AT_ONCE = 1024 * 1024 * 1024;
/** What is wrong is read again after a pause: it may have been the memory, or the cable. */
const PAUSE_MS = 1000;
const REST_MS = 20;

type Turn = WalkHooks['turn'];

/** What a file was found to be: `other`: not the one that the index knows, or not any more. */
export type Reading = 'right' | 'wrong' | 'other' | 'failed';

/** Compares the bytes of files with what is known of them. What is found is noted, and nothing is changed on the disk. */
export class FileVerifier {
  constructor(
    private readonly store: VerificationStore,
    private readonly stores: Pick<IndexStores, 'store' | 'log'>,
    private readonly reading: FileReading,
  ) {}

  /** Reads some files anew. @throws NotThisDriveError, the error of a disk that fails, and what `turn` throws */
  async verifySome(
    drive: IndexedDrive,
    root: DriveRoot,
    wish: VerifyWish,
    turn: Turn,
  ): Promise<IndexResult> {
    const due = await this.store.readDue(drive.driveId, wish, FILES_AT_ONCE);
    const hasInodes = hasTellingInodes(drive.place);
    const found: Record<Reading, HashedFile[]> = { right: [], wrong: [], other: [], failed: [] };
    let lastId: string | null = null;
    let bytes = 0;
    let count = 0;
    for (const file of due) {
      if (bytes >= BYTES_AT_ONCE) break;
      found[await this.look(root, file, hasInodes, turn)].push(file);
      lastId = file.id;
      bytes += file.size;
      count += 1;
      await turn(0, []);
    }
    const suspects = [...found.wrong, ...found.failed];
    const again = await this.lookAgain(root, suspects, hasInodes, turn);
    const right = [...found.right, ...again.right];
    const corruptedCount = await (wish.of === 'files'
      ? this.note(right, again.wrong)
      : this.noteVersions(right, again.wrong));
    return {
      ...NOTHING,
      seenCount: count,
      hasMore: count < due.length || due.length === FILES_AT_ONCE,
      verified: {
        lastId,
        bytes,
        corruptedCount,
        failed: again.failed.map(({ path }) => path),
        doubtful: again.right.map(({ path }) => path),
      },
    };
  }

  private async lookAgain(
    root: DriveRoot,
    suspects: readonly HashedFile[],
    hasInodes: boolean,
    turn: Turn,
  ): Promise<Record<Reading, HashedFile[]>> {
    const found: Record<Reading, HashedFile[]> = { right: [], wrong: [], other: [], failed: [] };
    if (suspects.length > 0) await rest(turn);
    for (const file of suspects) found[await this.look(root, file, hasInodes, turn)].push(file);
    return found;
  }

  private async look(
    root: DriveRoot,
    file: HashedFile,
    hasInodes: boolean,
    turn: Turn,
  ): Promise<Reading> {
    try {
      const known = hasInodes ? file : { ...file, inode: null };
      const content = await this.reading.read(root, known, turn);
      if (content === null) return 'other';
      return content.sha256.toString('hex') === file.sha256 ? 'right' : 'wrong';
    } catch (error) {
      const code = errorCode(error);
      if (code === 'EIO') return 'failed';
      if (GONE.includes(code) || FORBIDDEN.includes(code)) {
        // It may be the whole disk that is gone.
        root.open().close();
        return 'other';
      }
      throw error;
    }
  }

  private async note(right: readonly HashedFile[], wrong: readonly HashedFile[]): Promise<number> {
    const { store, log } = this.stores;
    return store.transaction(async () => {
      const healed = await this.store.setVerified(right);
      await log.record(healed.map((entry) => ({ what: 'changed', file: toFileMetadata(entry) })));
      let count = 0;
      for (const file of wrong) {
        const entry = await this.store.setCorrupted(file);
        if (entry === null) continue;
        count += 1;
        await log.record([{ what: 'corrupted', file: toFileMetadata(entry) }]);
      }
      return count;
    });
  }

  private async noteVersions(
    right: readonly HashedFile[],
    wrong: readonly HashedFile[],
  ): Promise<number> {
    const { store, log } = this.stores;
    return store.transaction(async () => {
      await this.store.setVersionsVerified(right);
      let count = 0;
      for (const version of wrong) {
        const entry = await this.store.setVersionCorrupted(version);
        if (entry === null) continue;
        count += 1;
        await log.record([
          { what: 'corrupted', file: toFileMetadata(entry), versionId: version.id },
        ]);
      }
      return count;
    });
  }
}

/** Others have their turns meanwhile. */
async function rest(turn: Turn): Promise<void> {
  const until = performance.now() + PAUSE_MS;
  while (performance.now() < until) {
    await delay(REST_MS);
    await turn(0, []);
  }
}
