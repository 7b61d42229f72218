import { Injectable } from '@nestjs/common';

import {
  ContentMissingError,
  DrivesService,
  type DriveStorage,
  type ReadableBytes,
  type ReadableFile,
  type StoredFile,
} from '../../drives';
import type { Entry } from './entry';
import { EntryPlaces } from './entry-places.repository';

/** What has to be known of a file to find its bytes. */
export type SoughtFile = Pick<Entry, 'id' | 'driveId' | 'storagePath'>;

/** What is known of the bytes of a file, or of an earlier version. */
export type KnownContent = Pick<Entry, 'size' | 'modifiedAt' | 'sha256' | 'corruptedAt'>;

/** Finds the bytes of files. In the middle of a move they may still, or already, lie under the other name. */
@Injectable()
export class EntryBytes {
  constructor(
    private readonly places: EntryPlaces,
    private readonly drives: DrivesService,
  ) {}

  /** Whoever opens it closes it. @throws ContentMissingError, DriveOfflineError */
  async open(entry: SoughtFile): Promise<ReadableFile> {
    return this.reach(entry, (storage, path) => storage.open(path));
  }

  /** The same for a small file, which may be read at once, together with others. @throws as `open` */
  async openSmall(entry: Entry): Promise<ReadableBytes> {
    return this.reach(entry, async (storage, path) => {
      const file = await storage.readSmall(path);
      if (file !== null && isAsIndexed(entry, file)) return file;
      // It was written to outside: what is said of it then is more than was looked up.
      await file?.close();
      return storage.open(path);
    });
  }

  /**
   * Where they lie at this moment, for a program that opens them by itself.
   * @throws ContentMissingError, DriveOfflineError
   */
  async locate(entry: SoughtFile): Promise<{ path: string; file: StoredFile }> {
    return this.reach(entry, async (storage, path) => {
      const file = await storage.stat(path);
      if (file === null) throw new ContentMissingError();
      return { path, file };
    });
  }

  private async reach<Result>(
    { id, driveId, storagePath }: SoughtFile,
    work: (storage: DriveStorage, path: string) => Promise<Result>,
  ): Promise<Result> {
    const drive = await this.drives.find(driveId);
    await this.drives.requireSeen(drive);
    try {
      return await work(drive.storage, storagePath);
    } catch (error) {
      if (!(error instanceof ContentMissingError)) throw error;
      // A disk that went a moment ago is no reason to call its files gone.
      await this.drives.requireOnline(drive);
      for (const place of await this.places.find(id)) {
        if ((await drive.storage.stat(place)) !== null) return work(drive.storage, place);
      }
      throw error;
    }
  }
}

/**
 * Whether a file is shorter than the index knows it, and nobody has written to it. What was written to outside is a new
 * content of its own size.
 */
export function hasLostBytes(
  entry: Pick<Entry, 'size' | 'modifiedAt'>,
  file: Pick<StoredFile, 'size' | 'modifiedAt'>,
): boolean {
  return file.size < entry.size && file.modifiedAt.getTime() === entry.modifiedAt.getTime();
}

/** Whether bytes are those that the index knows, hash and all. */
export function isAsIndexed(entry: KnownContent, file: StoredFile): boolean {
  return (
    entry.sha256 !== null &&
    entry.size === file.size &&
    entry.modifiedAt.getTime() === file.modifiedAt.getTime()
  );
}
