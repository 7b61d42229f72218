import { Injectable } from '@nestjs/common';

import { ContentMissingError, DrivesService, type ReadableFile } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { EntriesRepository } from '../entries/entries.repository';
import { EntriesService } from '../entries/entries.service';
import type { Entry } from '../entries/entry';
import { FileNotFoundError, IsLinkError } from '../files.errors';
import type { Validators } from './preconditions';

const SHOWN_HASH_CHARACTERS = 32;

/** A file that is open for sending. Whoever opens it closes `file`. */
export interface Download extends Validators {
  readonly entry: Entry;
  readonly file: ReadableFile;
}

@Injectable()
export class DownloadsService {
  constructor(
    private readonly entries: EntriesService,
    private readonly repository: EntriesRepository,
    private readonly drives: DrivesService,
  ) {}

  /** @throws FileNotFoundError, IsLinkError, ContentMissingError, DriveOfflineError */
  async open(actor: Actor, id: string): Promise<Download> {
    const entry = await this.entries.get(actor, id);
    if (entry.kind === 'folder') throw new FileNotFoundError();
    if (entry.nature === 'link') throw new IsLinkError(entry.linkTarget ?? '');
    const file = await this.openBytes(entry);
    return { entry, file, etag: contentTag(entry, file), lastModified: file.modifiedAt };
  }

  /** In the middle of a move the bytes may still, or already, lie under the other name. */
  private async openBytes(entry: Entry): Promise<ReadableFile> {
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

/**
 * A strong ETag that changes with the content alone: the hash, as long as the file is the one that was
 * hashed; else what the filesystem tells.
 */
function contentTag(entry: Entry, file: ReadableFile): string {
  const isHashed =
    entry.sha256 !== null &&
    entry.size === file.size &&
    entry.modifiedAt.getTime() === file.modifiedAt.getTime();
  if (isHashed) return `"${entry.sha256.slice(0, SHOWN_HASH_CHARACTERS)}"`;
  return `"${[file.inode ?? 0, file.size, file.modifiedAt.getTime()].map((part) => part.toString(36)).join('-')}"`;
}
