import { Injectable } from '@nestjs/common';

import { ContentMissingError, DrivesService, type ReadableFile } from '../../drives';
import { EntriesRepository } from './entries.repository';
import type { Entry } from './entry';

/** Opens the bytes of files. */
@Injectable()
export class EntryBytes {
  constructor(
    private readonly repository: EntriesRepository,
    private readonly drives: DrivesService,
  ) {}

  /**
   * In the middle of a move the bytes may still, or already, lie under the other name. Whoever opens it closes it.
   * @throws ContentMissingError, DriveOfflineError
   */
  async open(entry: Entry): Promise<ReadableFile> {
    const drive = await this.drives.find(entry.driveId);
    await this.drives.requireOnline(drive);
    try {
      return await drive.storage.open(entry.storagePath);
    } catch (error) {
      if (!(error instanceof ContentMissingError)) throw error;
      const places = await this.repository.findPlaces(entry.id);
      for (const place of places) {
        if ((await drive.storage.stat(place)) !== null) return drive.storage.open(place);
      }
      throw error;
    }
  }
}

/** Whether open bytes are those that the index knows, hash and all. */
export function isAsIndexed(entry: Entry, file: ReadableFile): boolean {
  return (
    entry.sha256 !== null &&
    entry.size === file.size &&
    entry.modifiedAt.getTime() === file.modifiedAt.getTime()
  );
}
