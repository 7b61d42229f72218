import { Injectable } from '@nestjs/common';

import { DrivesService, MountedFolderError } from '../../drives';
import { AccessDeniedError } from '../../platform/access/access.errors';
import type { Actor } from '../../platform/access/actor';
import { EntriesService, requireUnreserved } from '../entries/entries.service';
import type { Entry } from '../entries/entry';
import { FileNotFoundError, NameTakenError } from '../files.errors';
import { TrashRepository } from './trash.repository';

/** Where what comes out of the trash goes. */
@Injectable()
export class FormerFolders {
  constructor(
    private readonly repository: TrashRepository,
    private readonly entries: EntriesService,
    private readonly drives: DrivesService,
  ) {}

  /**
   * The folder that something was in, wherever that is by now. Where it is gone, the folders of its path are made
   * again, as deep as that goes: where a file bears the name of one, what comes back lies beside that.
   * @throws NameReservedError when its name cannot be one there
   */
  async find(actor: Actor, { driveId, trashedFrom }: Entry): Promise<Entry> {
    const drive = await this.drives.find(driveId);
    const folderId = trashedFrom?.parentId ?? drive.rootFolderId;
    const known = await this.findFolder(actor, folderId);
    if (known?.driveId === driveId) return known;
    let folder = await this.entries.getWritableFolder(actor, drive.rootFolderId);
    for (const name of (trashedFrom?.folderPath ?? '').split('/')) {
      const next = name === '' ? null : await this.enter(actor, folder, name);
      if (next === null) break;
      folder = next;
    }
    if (trashedFrom !== null) requireUnreserved(folder, trashedFrom.filename);
    return folder;
  }

  /** null when it cannot be entered, and cannot be made. */
  private async enter(actor: Actor, folder: Entry, filename: string): Promise<Entry | null> {
    const there = await this.repository.findChild(folder.id, filename);
    if (there !== null) return this.findFolder(actor, there.id);
    try {
      const { driveId, id: parentId } = folder;
      const { id } = await this.entries.createFolder(actor, { driveId, parentId, filename });
      return await this.findFolder(actor, id);
    } catch (error) {
      // Something bears the name that is not in the index yet.
      if (error instanceof NameTakenError) return null;
      throw error;
    }
  }

  private async findFolder(actor: Actor, id: string): Promise<Entry | null> {
    try {
      return await this.entries.getWritableFolder(actor, id);
    } catch (error) {
      // A file, gone, of another disk, or by now on a drive that is only read: nothing of this drive is written there.
      const isElsewhere =
        error instanceof FileNotFoundError ||
        error instanceof MountedFolderError ||
        error instanceof AccessDeniedError;
      if (!isElsewhere) throw error;
      return null;
    }
  }
}
