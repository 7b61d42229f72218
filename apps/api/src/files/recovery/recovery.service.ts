import { createHash } from 'node:crypto';

import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import {
  ContentMissingError,
  DrivesService,
  type DriveStorage,
  PathTakenError,
  type StoredFile,
} from '../../drives';
import { InstanceIdentity } from '../../platform/config/instance-identity.adapter';
import { LOGGER } from '../../platform/logging/logging.module';
import { EntriesRepository } from '../entries/entries.repository';
import type { UnfinishedEntry } from '../entries/entry';
import { EntryLease } from '../entries/entry-lease';
import { EntryWrites } from '../entries/entry-writes.service';
import { splitPath } from '../entries/storage-path';
import { UploadsService } from '../uploads/uploads.service';

const LOOK_EVERY_MS = 30_000;
const STAGED_KEPT_MS = 24 * 60 * 60 * 1000;
const READ_BYTES = 1024 * 1024;

/**
 * Finishes or undoes what a crash, a lost database or a failing disk left in the middle: at start-up
 * before anything is served, and again every so often.
 */
@Injectable()
export class RecoveryService implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: EntriesRepository,
    private readonly drives: DrivesService,
    private readonly writes: EntryWrites,
    private readonly uploads: UploadsService,
    private readonly lease: EntryLease,
    private readonly instance: InstanceIdentity,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.recover();
    this.timer = setInterval(() => {
      this.running = this.running.then(() => this.recover());
    }, LOOK_EVERY_MS);
    this.timer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.running;
  }

  /** Looks at everything that nobody is busy with. What cannot be decided now waits for the next time. */
  async recover(): Promise<void> {
    try {
      for (const entry of await this.repository.findAbandoned(this.instance.id)) {
        if (!this.lease.isHeld(entry.id)) await this.lease.hold(entry.id, () => this.look(entry));
      }
      await this.removeForgottenStaging();
    } catch (error) {
      this.logger.warn({ err: error }, 'Unfinished writes are looked at again in a while.');
    }
  }

  /** What was found may be over by now: only what is still as it was then is acted on. */
  private async look(found: UnfinishedEntry): Promise<void> {
    const entry = await this.repository.findUnfinished(found.id);
    if (entry?.state !== found.state || entry.version !== found.version) return;
    // Another disk, or none, lies there: nothing on it says what became of the write.
    if ((await this.drives.stateOf(entry.driveId)) !== 'online') return;
    await this.recoverEntry(entry);
  }

  private async recoverEntry(entry: UnfinishedEntry): Promise<void> {
    try {
      const { storage } = await this.drives.find(entry.driveId);
      switch (entry.state) {
        case 'committing':
          return await this.recoverCommit(entry, storage);
        case 'moving':
          return await this.recoverMove(entry, storage);
        case 'deleting':
          await storage.remove(entry.storagePath);
          return await this.writes.finishDelete(entry, null);
      }
    } catch (error) {
      this.logger.warn(
        { err: error, entry: entry.id },
        'An unfinished write is looked at again in a while.',
      );
    }
  }

  private async recoverCommit(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    const stagedName = entry.stagedName ?? '';
    const [staged, final] = await Promise.all([
      storage.statStaged(stagedName),
      storage.stat(entry.storagePath),
    ]);
    if (final !== null && (await this.isThisFile(entry, storage, staged, final))) {
      // Its name may not have been on the disk yet when the crash came.
      if (staged !== null) await storage.publish(stagedName, entry.storagePath, 'again');
      await this.writes.finishCommit(entry.id, null);
      await storage.removeStaged(stagedName);
    } else if (staged !== null) {
      await this.publishAgain(entry, storage);
    } else {
      await this.repository.deleteCommitting(entry.id);
    }
  }

  /** Whether the final name bears the staged bytes: by inode, else, with the staged name gone, by its content. */
  private async isThisFile(
    entry: UnfinishedEntry,
    storage: DriveStorage,
    staged: StoredFile | null,
    final: StoredFile,
  ): Promise<boolean> {
    if (final.inode !== null && final.inode === entry.inode && final.size === entry.size)
      return true;
    if (staged !== null || final.size !== entry.size) return false;
    return (await hashFile(storage, entry.storagePath)) === entry.sha256;
  }

  private async publishAgain(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    const stagedName = entry.stagedName ?? '';
    try {
      await storage.publish(stagedName, entry.storagePath, 'again');
      await this.writes.finishCommit(entry.id, null);
      await storage.removeStaged(stagedName);
    } catch (error) {
      if (!(error instanceof PathTakenError)) throw error;
      await this.repository.deleteCommitting(entry.id);
      const drive = await this.drives.find(entry.driveId);
      await this.uploads.commitUnderFreeName(drive, { ...entry, stagedName }, null);
    }
  }

  private async recoverMove(entry: UnfinishedEntry, storage: DriveStorage): Promise<void> {
    const sourcePath = entry.sourcePath ?? '';
    const from = { ...splitPath(sourcePath), parentId: entry.sourceParentId ?? '' };
    const source = await storage.stat(sourcePath);
    // The old name may bear another file by now, which is none of ours to move.
    if (source?.inode !== entry.inode && (await this.hasArrived(entry, storage))) {
      await this.writes.finishMove(entry.id, from, { tags: null, cause: null });
      return;
    }
    try {
      await storage.move(sourcePath, entry.storagePath, 'again');
    } catch (error) {
      const isUndone =
        error instanceof PathTakenError ||
        (error instanceof ContentMissingError && !(await this.hasArrived(entry, storage)));
      if (isUndone) {
        await this.repository.undoMove(entry.id, from);
        return;
      }
      if (!(error instanceof ContentMissingError)) throw error;
    }
    await this.writes.finishMove(entry.id, from, { tags: null, cause: null });
  }

  /** Whether what lies under the new name is the file that was moved there, and no other. */
  private async hasArrived(entry: UnfinishedEntry, storage: DriveStorage): Promise<boolean> {
    const target = await storage.stat(entry.storagePath);
    if (target === null) return false;
    if (target.inode !== null && target.inode === entry.inode) return true;
    return (
      target.size === entry.size && (await hashFile(storage, entry.storagePath)) === entry.sha256
    );
  }

  /** Staged bytes that no entry counts on; not at once, for the database may be a restored one. */
  private async removeForgottenStaging(): Promise<void> {
    for (const { id, storage } of this.drives.list()) {
      if ((await this.drives.stateOf(id)) !== 'online') continue;
      const limit = Date.now() - STAGED_KEPT_MS;
      const old = (await storage.listStaged()).filter(
        ({ modifiedAt }) => modifiedAt.getTime() < limit,
      );
      const names = old.map(({ stagedName }) => stagedName);
      const needed = new Set(await this.repository.findStagedNames(names));
      for (const name of names) if (!needed.has(name)) await storage.removeStaged(name);
    }
  }
}

async function hashFile(storage: DriveStorage, path: string): Promise<string> {
  const file = await storage.open(path);
  try {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(READ_BYTES);
    for (let position = 0; ;) {
      const count = await file.read(buffer, position);
      if (count === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, count));
      position += count;
    }
  } finally {
    await file.close();
  }
}
