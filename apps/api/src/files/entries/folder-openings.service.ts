import { setTimeout as delay } from 'node:timers/promises';

import type { FileMetadata, NewFolder } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Actor } from '../../platform/access/actor';
import { FileBusyError, NameTakenError } from '../files.errors';
import { Indexer } from '../indexing/indexer.service';
import { EntriesService } from './entries.service';
import { type Entry, toFileMetadata } from './entry';
import { NamedEntries } from './named-entries.repository';

/** What comes to the drive from outside is heard of within moments. */
const PATIENCE_MS = 2000;
const LOOK_EVERY_MS = 30;

export interface OpenedFolder {
  readonly isNew: boolean;
  readonly entry: FileMetadata;
}

/** Makes folders for those who do not care whether they are there already, such as one who sends a whole tree. */
@Injectable()
export class FolderOpenings {
  constructor(
    private readonly entries: EntriesService,
    private readonly named: NamedEntries,
    private readonly indexer: Indexer,
  ) {}

  /**
   * @throws as EntriesService.createFolder; with `conflict` `use` NameTakenError only where no folder has the name,
   * FileBusyError while the folder is being made by somebody else
   */
  async open(actor: Actor, { conflict, ...folder }: NewFolder): Promise<OpenedFolder> {
    if (conflict === 'fail')
      return { isNew: true, entry: await this.entries.createFolder(actor, folder) };
    const { driveId, parentId, filename } = folder;
    const parent = await this.entries.findDestination(actor, driveId, parentId ?? null);
    const known = await this.named.find(parent.id, filename);
    if (known !== null) return foundAs(known);
    try {
      return { isNew: true, entry: await this.entries.createFolder(actor, folder) };
    } catch (error) {
      if (!(error instanceof NameTakenError)) throw error;
      return await this.findTaken(parent, filename);
    }
  }

  /** Somebody was quicker, or it lies on the drive and is not known yet. */
  private async findTaken(parent: Entry, filename: string): Promise<OpenedFolder> {
    await this.indexer.prepareList(parent.driveId, parent.id);
    const giveUpAt = performance.now() + PATIENCE_MS;
    while (performance.now() < giveUpAt) {
      const found = await this.named.find(parent.id, filename);
      if (found !== null) return foundAs(found);
      await delay(LOOK_EVERY_MS);
    }
    throw new FileBusyError();
  }
}

/** @throws NameTakenError when it is a file */
function foundAs(entry: Entry): OpenedFolder {
  if (entry.kind !== 'folder') throw new NameTakenError(entry.filename);
  return { isNew: false, entry: toFileMetadata(entry) };
}
