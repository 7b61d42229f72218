import { Inject, Injectable } from '@nestjs/common';

import { type ReadableBytes, SMALL_FILE_BYTES, type StoredFile } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { CONFIG, type Config } from '../../platform/config/config';
import { EntriesService } from '../entries/entries.service';
import type { Entry } from '../entries/entry';
import { EntryBytes, hasLostBytes, isAsIndexed } from '../entries/entry-bytes.service';
import { FileNotFoundError, IsLinkError } from '../files.errors';
import { proxyAddress } from './proxy-address';
import type { Validators } from './preconditions';

const SHOWN_HASH_CHARACTERS = 32;
/**
 * What a browser shows and never runs. Whatever else is shown inline is sent by ourselves, under our policy, for a
 * proxy that drops our headers would let it act as a page of ours.
 */
const HARMLESS_INLINE = /^(?:audio|video)\/|^image\/(?:png|jpeg|gif|webp|avif|heic|heif|bmp|tiff)$/;

/** What somebody asks for of a file. */
export interface DownloadWish {
  readonly isInline: boolean;
  /** Whether it is only wanted in a certain state, which nginx does not know. */
  readonly isForOneState: boolean;
}

export interface FoundFile extends Validators {
  readonly entry: Entry;
  /** As it is promised to the client, in bytes. */
  readonly size: number;
}

/** A file that is open for sending. Whoever opens it closes `file`. */
export interface OpenDownload extends FoundFile {
  readonly file: ReadableBytes;
  readonly address: null;
}

/** A file that the proxy in front sends: `address` is of its own locations. */
export interface HandedDownload extends FoundFile {
  readonly file: null;
  readonly address: string;
}

export type Download = OpenDownload | HandedDownload;

@Injectable()
export class DownloadsService {
  private readonly accelRedirect: string | null;

  constructor(
    private readonly entries: EntriesService,
    private readonly bytes: EntryBytes,
    @Inject(CONFIG) { accelRedirect }: Config,
  ) {
    this.accelRedirect = accelRedirect;
  }

  /** @throws FileNotFoundError, IsLinkError, ContentMissingError, DriveOfflineError */
  async prepare(actor: Actor, id: string, wish: DownloadWish): Promise<Download> {
    const entry = await this.entries.get(actor, id);
    if (entry.kind === 'folder') throw new FileNotFoundError();
    if (entry.nature === 'link') throw new IsLinkError(entry.linkTarget ?? '');
    const handed = await this.handOver(entry, wish);
    if (handed !== null) return handed;
    const file = await (entry.size <= SMALL_FILE_BYTES
      ? this.bytes.openSmall(entry)
      : this.bytes.open(entry));
    return { ...describeContent(entry, file), file, address: null };
  }

  /** null for what we send: the proxy would send what has lost bytes as if it were whole, and ours breaks off. */
  private async handOver(entry: Entry, wish: DownloadWish): Promise<HandedDownload | null> {
    if (this.accelRedirect === null || !canBeHanded(entry, wish)) return null;
    const { path, file } = await this.bytes.locate(entry);
    const found = describeContent(entry, file);
    if (found.size !== file.size) return null;
    return { ...found, file: null, address: proxyAddress(this.accelRedirect, entry.driveId, path) };
  }
}

function canBeHanded({ contentType }: Entry, { isInline, isForOneState }: DownloadWish): boolean {
  return !isForOneState && (!isInline || HARMLESS_INLINE.test(contentType ?? ''));
}

/** What is said of bytes that are the content of an entry, now or earlier. */
export function describeContent(entry: Entry, file: StoredFile): FoundFile {
  return {
    entry,
    etag: contentTag(entry, file),
    lastModified: file.modifiedAt,
    // What has lost bytes is promised whole, so that the client sees that it breaks off.
    size: hasLostBytes(entry, file) ? entry.size : file.size,
  };
}

/**
 * A strong ETag that changes with the content alone: the hash, as long as the file is the one that was
 * hashed, and its bytes are not known to be others; else what the filesystem tells.
 */
function contentTag(entry: Entry, file: StoredFile): string {
  if (entry.sha256 !== null && entry.corruptedAt === null && isAsIndexed(entry, file))
    return `"${entry.sha256.slice(0, SHOWN_HASH_CHARACTERS)}"`;
  return `"${[file.inode ?? 0, file.size, file.modifiedAt.getTime()].map((part) => part.toString(36)).join('-')}"`;
}
