import { Injectable } from '@nestjs/common';

import type { ServedDrive } from '../../drives';
import { type Version, versionFolder, versionPath } from './version';
import { VersionsRepository } from './versions.repository';
import { versionsToThin } from './version-thinning';

const BATCH = 200;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/**
 * Removes earlier contents. First nobody sees them any more, then their bytes go, then their rows: what a crash leaves
 * in between is removed by the next look.
 */
@Injectable()
export class VersionRemoval {
  constructor(private readonly repository: VersionsRepository) {}

  /** @throws DriveOfflineError; the rest is removed by `tidy` then */
  async remove({ storage }: ServedDrive, versions: readonly Version[]): Promise<void> {
    await this.repository.markRemoved(versions.map(({ id }) => id));
    const folders = new Set<string>();
    for (const { id, keptUnder } of versions) {
      await storage.remove(versionPath(keptUnder, id));
      folders.add(versionFolder(keptUnder));
    }
    for (const folder of folders) await storage.removeEmptyFolder(folder);
    await this.repository.delete(versions.map(({ id }) => id));
  }

  /** Removes what is left of files that are no more, and what a crash left of another removal. */
  async removeLeft(drive: ServedDrive, signal: AbortSignal): Promise<void> {
    await this.removeWhile(drive, signal, () => this.repository.findRemoved(drive.id, BATCH));
    await this.removeWhile(drive, signal, () => this.repository.findOrphans(drive.id, BATCH));
  }

  /** Of each file, removes those that are too many for their age. */
  async thin(drive: ServedDrive, signal: AbortSignal): Promise<void> {
    for (let after = FIRST_ID; ;) {
      const fileIds = await this.repository.findReplacedOften(drive.id, after, BATCH);
      for (const fileId of fileIds) {
        signal.throwIfAborted();
        const ids = versionsToThin(await this.repository.readAges(fileId), new Date());
        if (ids.length > 0) await this.remove(drive, await this.repository.findAll(drive.id, ids));
      }
      const last = fileIds.at(-1);
      if (last === undefined) return;
      after = last;
    }
  }

  /** Removes the oldest as long as all of a drive take more than their share of it. */
  async keepToShare(drive: ServedDrive, signal: AbortSignal): Promise<void> {
    const { totalBytes } = await drive.storage.space();
    const limit = (totalBytes * drive.versionsMaxPercent) / 100;
    for (;;) {
      signal.throwIfAborted();
      let tooManyBytes = (await this.repository.readBytes(drive.id)) - limit;
      if (tooManyBytes <= 0) return;
      const due: Version[] = [];
      for (const version of await this.repository.findOldest(drive.id, BATCH)) {
        if (tooManyBytes <= 0) break;
        due.push(version);
        tooManyBytes -= version.size;
      }
      if (due.length === 0) return;
      await this.remove(drive, due);
    }
  }

  private async removeWhile(
    drive: ServedDrive,
    signal: AbortSignal,
    find: () => Promise<Version[]>,
  ): Promise<void> {
    for (let found = await find(); found.length > 0; found = await find()) {
      signal.throwIfAborted();
      await this.remove(drive, found);
    }
  }
}
