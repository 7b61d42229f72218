import { Injectable } from '@nestjs/common';

import type { ReadableFile } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { EntriesService } from '../entries/entries.service';
import type { Entry } from '../entries/entry';
import { EntryBytes, isAsIndexed } from '../entries/entry-bytes.service';
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
    private readonly bytes: EntryBytes,
  ) {}

  /** @throws FileNotFoundError, IsLinkError, ContentMissingError, DriveOfflineError */
  async open(actor: Actor, id: string): Promise<Download> {
    const entry = await this.entries.get(actor, id);
    if (entry.kind === 'folder') throw new FileNotFoundError();
    if (entry.nature === 'link') throw new IsLinkError(entry.linkTarget ?? '');
    const file = await this.bytes.open(entry);
    return { entry, file, etag: contentTag(entry, file), lastModified: file.modifiedAt };
  }
}

/**
 * A strong ETag that changes with the content alone: the hash, as long as the file is the one that was
 * hashed; else what the filesystem tells.
 */
function contentTag(entry: Entry, file: ReadableFile): string {
  if (entry.sha256 !== null && isAsIndexed(entry, file))
    return `"${entry.sha256.slice(0, SHOWN_HASH_CHARACTERS)}"`;
  return `"${[file.inode ?? 0, file.size, file.modifiedAt.getTime()].map((part) => part.toString(36)).join('-')}"`;
}
