import { Injectable } from '@nestjs/common';

import type { ServedDrive } from '../../drives';
import type { Cause } from '../../platform/access/actor';
import { type Entry, toFileMetadata } from './entry';
import { EntryWrites, type Move } from './entry-writes.service';
import { FolderWrites } from './folder-writes.service';
import { FreeNames } from './free-names.service';

/** Moves and deletes whatever an entry is, by the write protocol of its kind. */
@Injectable()
export class EntryMover {
  constructor(
    private readonly files: EntryWrites,
    private readonly folders: FolderWrites,
    private readonly freeNames: FreeNames,
  ) {}

  /** @throws as EntryWrites.move and FolderWrites.move */
  async move(drive: ServedDrive, entry: Entry, move: Move): Promise<Entry> {
    return this.writesOf(entry).move(drive, entry, move);
  }

  /** Moves an entry into a folder, under the name that it had, or the next free one. */
  async moveToFreeName(
    drive: ServedDrive,
    entry: Entry,
    folder: Entry,
    cause: Cause,
  ): Promise<Entry> {
    const { filename: wanted } = toFileMetadata(entry);
    return this.freeNames.use(folder.id, wanted, (filename) =>
      this.move(drive, entry, { to: { parentId: folder.id, filename }, tags: null, cause }),
    );
  }

  /** Removes it for good. @throws as EntryWrites.delete and FolderWrites.delete */
  async delete(drive: ServedDrive, entry: Entry, cause: Cause | null): Promise<void> {
    await this.writesOf(entry).delete(drive, entry, cause);
  }

  private writesOf({ kind }: Entry): EntryWrites | FolderWrites {
    return kind === 'folder' ? this.folders : this.files;
  }
}
