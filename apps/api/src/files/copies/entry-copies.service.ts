import { Injectable } from '@nestjs/common';

import { MountedFolderError, type ServedDrive } from '../../drives';
import type { Cause } from '../../platform/access/actor';
import type { Entry } from '../entries/entry';
import { EntryWrites } from '../entries/entry-writes.service';
import { FolderWrites } from '../entries/folder-writes.service';
import { FreeNames } from '../entries/free-names.service';
import { newFile, newFolder, newLink, type NewPlace } from '../entries/new-entry';
import { UnreadableError } from '../files.errors';
import { settling } from '../incoming/quota-hold';
import { Quotas } from '../incoming/quotas.service';
import { type CopyProgress, FileCopier, scanOf } from './file-copier.service';

/** Makes one entry again, under a name that is free. */
@Injectable()
export class EntryCopies {
  constructor(
    private readonly copier: FileCopier,
    private readonly writes: EntryWrites,
    private readonly folders: FolderWrites,
    private readonly freeNames: FreeNames,
    private readonly quotas: Quotas,
  ) {}

  /**
   * A file with its bytes, its mode, its time and its tags; or a link, which goes on pointing where it pointed.
   * @throws QuotaExceededError; ContentMissingError, DriveOfflineError, DriveFullError, FileNotFoundError when the folder is gone
   */
  async copyFile(
    entry: Entry,
    to: ServedDrive,
    place: NewPlace,
    { cause, ...progress }: CopyProgress & { readonly cause: Cause | null },
  ): Promise<Entry> {
    if (entry.nature === 'link') return this.copyLink(entry, to, place, cause);
    // It takes as much room as an upload of the same would.
    const uploadedBy = cause?.userId ?? null;
    const hold =
      uploadedBy === null ? null : await this.quotas.hold({ userId: uploadedBy }, entry.size);
    try {
      const { staged, original } = await this.copier.stage(entry, to, place.id, progress);
      await hold?.reserve(staged.size);
      const scan = scanOf(entry, original, staged);
      const draft = newFile(place, staged, { ...entry, scan, uploadedBy });
      return await this.freeNames.use(place.parentId, place.filename, (filename) =>
        this.writes.commit(to, { ...draft, filename }, cause, settling(hold)),
      );
    } catch (error) {
      await hold?.release();
      await to.storage.removeStaged(place.id).catch(() => undefined); // recovery finds it
      throw error;
    }
  }

  /** A folder with its tags, and nothing in it. @throws MountedFolderError, UnreadableError for what cannot be copied */
  async copyFolder(
    entry: Entry,
    to: ServedDrive,
    place: NewPlace,
    cause: Cause | null,
  ): Promise<Entry> {
    requireReadable(entry);
    return this.freeNames.use(place.parentId, place.filename, (filename) =>
      this.folders.create(to, newFolder({ ...place, filename }, entry.tags), cause),
    );
  }

  private async copyLink(
    entry: Entry,
    to: ServedDrive,
    place: NewPlace,
    cause: Cause | null,
  ): Promise<Entry> {
    return this.freeNames.use(place.parentId, place.filename, (filename) =>
      this.writes.make(to, newLink({ ...place, filename }, entry), cause, (path) =>
        to.storage.makeLink(path, entry.linkTarget ?? ''),
      ),
    );
  }
}

/** @throws MountedFolderError, UnreadableError */
export function requireReadable({ kind, nature }: Entry): void {
  if (nature === 'mount') throw new MountedFolderError();
  if (kind === 'folder' && nature === 'unreadable') throw new UnreadableError();
}
