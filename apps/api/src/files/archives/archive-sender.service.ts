import { Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import { crc32 } from 'node:zlib';

import { DriveOfflineError, type ReadableFile } from '../../drives';
import { DomainError } from '../../platform/http/domain-error';
import { BufferedAnswer } from '../downloads/buffered-answer';
import type { ArchiveItem } from './archive-item';
import { LeftOut } from './left-out';
import { readAhead } from './read-ahead';
import { SMALL_BYTES, type SmallContent } from './small-rooms';
import { type ZipName, ZipWriter } from './zip-writer';

/** Files that are opened, and read where they are small, while those before them are sent. */
const AHEAD = 32;
const KEPT_BUFFERS = AHEAD;

const CHANGED =
  'It was changed while it was read: what is in the archive may be a part of it, or of two states.';
const CUT = 'It could not be read to its end: what is in the archive is only its beginning.';
const UNREADABLE = 'It could not be read.';

type Loaded =
  | {
      readonly kind: 'small';
      readonly name: ZipName;
      readonly content: Omit<SmallContent, 'modifiedAt'>;
      readonly isChanged: boolean;
    }
  | { readonly kind: 'large'; readonly name: ZipName; readonly file: ReadableFile }
  | Extract<ArchiveItem, { kind: 'folder' | 'left' }>;

/** Sends what is walked through as an archive. */
@Injectable()
export class ArchiveSender {
  /** Used again, as making one for each file would cost more than reading it. */
  private readonly spare: Buffer[] = [];

  /**
   * What cannot be read is named in a list at the end of the archive, and does not end it; a drive that goes away
   * does, by an error. Resolves when all is handed over, or the client is gone.
   * @param takeName names the list
   */
  async send(
    items: AsyncIterable<ArchiveItem>,
    response: ServerResponse,
    takeName: (name: string) => string,
  ): Promise<void> {
    const answer = new BufferedAnswer(response);
    const zip = new ZipWriter(answer);
    const left = new LeftOut();
    const how = { ahead: AHEAD, drop: (loaded: Loaded) => this.drop(loaded) };
    try {
      for await (const loaded of readAhead(items, (item) => this.load(item), how)) {
        await this.write(zip, loaded, left);
        if (answer.isLeft) return;
      }
      if (!left.isEmpty)
        await zip.addBytes({ path: takeName(left.name), modifiedAt: new Date() }, left.toBytes());
      await zip.finish();
      await answer.end();
    } finally {
      await answer.release();
    }
  }

  /** @throws DriveOfflineError when it is not this file alone that cannot be read */
  private async load(item: ArchiveItem): Promise<Loaded> {
    if (item.kind !== 'file') return item;
    const { path } = item;
    const ready = (await item.ready) ?? null;
    if (ready !== null) {
      const { modifiedAt, ...content } = ready;
      return { kind: 'small', name: { path, modifiedAt }, content, isChanged: false };
    }
    let file: ReadableFile;
    try {
      file = await item.open();
    } catch (error) {
      if (error instanceof DriveOfflineError) throw error;
      return { kind: 'left', path, reason: reasonOf(error) };
    }
    const name = { path, modifiedAt: file.modifiedAt };
    if (file.size > SMALL_BYTES) return { kind: 'large', name, file };
    const buffer = this.spare.pop() ?? Buffer.allocUnsafeSlow(SMALL_BYTES);
    try {
      const size = await file.read(buffer.subarray(0, file.size), 0);
      const bytes = buffer.subarray(0, size);
      const release = () => this.giveBack(buffer);
      const content = { bytes, crc32: crc32(bytes), release };
      return { kind: 'small', name, content, isChanged: size !== file.size };
    } catch {
      this.giveBack(buffer);
      return { kind: 'left', path, reason: UNREADABLE };
    } finally {
      await file.close();
    }
  }

  private async write(zip: ZipWriter, loaded: Loaded, left: LeftOut): Promise<void> {
    switch (loaded.kind) {
      case 'folder':
        return zip.addFolder(loaded);
      case 'left':
        return left.add(loaded.path, loaded.reason);
      case 'small': {
        const { name, content, isChanged } = loaded;
        if (isChanged) left.add(name.path, CHANGED);
        await zip.addBytes(name, content.bytes, content.crc32, content.release);
        return;
      }
      case 'large': {
        const { name, file } = loaded;
        try {
          if (!(await zip.addFile(name, file))) left.add(name.path, CUT);
          else if (!(await file.isUnchanged())) left.add(name.path, CHANGED);
        } finally {
          await file.close();
        }
      }
    }
  }

  private giveBack(buffer: Buffer): void {
    if (this.spare.length < KEPT_BUFFERS) this.spare.push(buffer);
  }

  private async drop(loaded: Loaded): Promise<void> {
    if (loaded.kind === 'large') await loaded.file.close();
    if (loaded.kind === 'small') loaded.content.release();
  }
}

/** What is said of an error to those who read the list. */
function reasonOf(error: unknown): string {
  return error instanceof DomainError ? error.message : UNREADABLE;
}
