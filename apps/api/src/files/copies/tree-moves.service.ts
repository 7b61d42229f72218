import { Injectable } from '@nestjs/common';

import type { ServedDrive } from '../../drives';
import type { Cause } from '../../platform/access/actor';
import type { Entry } from '../entries/entry';
import { FolderWrites } from '../entries/folder-writes.service';
import { FreeNames } from '../entries/free-names.service';
import { newFolder, type NewPlace } from '../entries/new-entry';
import { patiently } from '../entries/patience';
import { FileBusyError, FileNotFoundError, StaleVersionError } from '../files.errors';
import { CopiedTree } from './copied-tree.repository';
import { type EntryMove, EntryMoves } from './entry-moves.service';
import { Exchanges } from './exchanges.service';

const ATTEMPTS = 5;

interface Drives {
  readonly from: ServedDrive;
  readonly to: ServedDrive;
}

/** The steps by which a tree gets to another drive. Nobody who changes it meanwhile is in their way. */
@Injectable()
export class TreeMoves {
  constructor(
    private readonly tree: CopiedTree,
    private readonly moves: EntryMoves,
    private readonly folders: FolderWrites,
    private readonly freeNames: FreeNames,
    private readonly exchanges: Exchanges,
  ) {}

  /**
   * Moves a file as it is now; one that is there already, or gone, is no error.
   * @throws NameTakenError; FileBusyError when it changes over and over
   */
  async moveFile(
    { id }: Entry,
    drives: Drives,
    place: NewPlace,
    how: Omit<EntryMove, 'tags'>,
  ): Promise<void> {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
      const file = await this.tree.find(id);
      if (file?.driveId !== drives.from.id) return;
      try {
        await this.moves.move(file, drives, place, { ...how, tags: null });
        return;
      } catch (error) {
        if (!(error instanceof StaleVersionError)) throw error;
      }
    }
    throw new FileBusyError();
  }

  /** The same under its name or, where that is taken, another one. */
  async moveFileToFreeName(
    file: Entry,
    drives: Drives,
    place: NewPlace,
    how: Omit<EntryMove, 'tags'>,
  ): Promise<void> {
    await this.freeNames.use(place.parentId, place.filename, (filename) =>
      this.moveFile(file, drives, { ...place, filename }, how),
    );
  }

  /** The folder that gets what is in the one that moves, until it is that one. @throws NameTakenError */
  async makeFolder(to: ServedDrive, place: NewPlace, cause: Cause): Promise<void> {
    await this.folders.create(to, newFolder(place), cause);
  }

  /** The same under its name or, where that is taken, another one. */
  async makeFreeFolder(to: ServedDrive, place: NewPlace, cause: Cause): Promise<void> {
    await this.freeNames.use(place.parentId, place.filename, (filename) =>
      this.makeFolder(to, { ...place, filename }, cause),
    );
  }

  /**
   * Makes the folder that has got all that was in another one that folder.
   * @returns the path of the other one when something is left in it
   * @throws FileNotFoundError when somebody has deleted what it came to
   */
  async leaveFolder(
    fromId: string,
    toId: string,
    to: ServedDrive,
    cause: Cause,
  ): Promise<string | null> {
    const folder = await this.tree.find(fromId);
    if (folder === null || folder.driveId === to.id) return null;
    const copy = await this.tree.find(toId);
    if (copy === null) throw new FileNotFoundError();
    const moved = await patiently(() => this.exchanges.exchangeFolder(folder, copy, cause));
    return moved === null ? folder.storagePath : null;
  }
}
