import { Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';

import { DriveOfflineError, type ReadableFile } from '../../drives';
import { DomainError } from '../../platform/http/domain-error';
import { BufferedAnswer } from '../downloads/buffered-answer';
import { hasLostBytes } from '../entries/entry-bytes.service';
import type { ArchiveItem, FileItem, GroupItem } from './archive-item';
import { LeftOut } from './left-out';
import { readAhead } from './read-ahead';
import { type FilledRoom, SMALL_BYTES } from './small-rooms';
import { type ZipName, ZipWriter } from './zip-writer';

/** Files that are opened, and groups of small ones that are read, while those before them are sent. */
const AHEAD = 8;
const KEPT_BUFFERS = AHEAD;

const CHANGED =
  'It was changed while it was read: what is in the archive may be a part of it, or of two states.';
const CUT = 'It could not be read to its end: what is in the archive is only its beginning.';
const LOST = 'It has lost bytes without being written to, and is left out.';
const UNREADABLE = 'It could not be read.';

type Loaded =
  | {
      readonly kind: 'small';
      readonly name: ZipName;
      readonly bytes: Buffer;
      readonly isChanged: boolean;
      readonly release: () => void;
    }
  | { readonly kind: 'large'; readonly name: ZipName; readonly file: ReadableFile }
  | {
      readonly kind: 'group';
      readonly files: readonly FileItem[];
      readonly room: FilledRoom | null;
    }
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
    // Loaded for the first archive. Node's own is five times slower: a third of what an archive costs.
    const { crc32 } = await import('@node-rs/crc32');
    const answer = new BufferedAnswer(response);
    const zip = new ZipWriter(answer, crc32);
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
    switch (item.kind) {
      case 'group':
        return { kind: 'group', files: item.files, room: await roomOf(item) };
      case 'file':
        return this.loadFile(item);
      default:
        return item;
    }
  }

  private async loadFile({ path, known, open }: FileItem): Promise<Loaded> {
    let file: ReadableFile;
    try {
      file = await open();
    } catch (error) {
      if (error instanceof DriveOfflineError) throw error;
      return { kind: 'left', path, reason: reasonOf(error) };
    }
    if (hasLostBytes(known, file)) {
      await file.close();
      return { kind: 'left', path, reason: LOST };
    }
    const name = { path, modifiedAt: file.modifiedAt };
    if (file.size > SMALL_BYTES) return { kind: 'large', name, file };
    const buffer = this.spare.pop() ?? Buffer.allocUnsafeSlow(SMALL_BYTES);
    try {
      const size = await file.read(buffer.subarray(0, file.size), 0);
      const bytes = buffer.subarray(0, size);
      const release = () => this.giveBack(buffer);
      return { kind: 'small', name, bytes, isChanged: size !== file.size, release };
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
        const { name, bytes, isChanged, release } = loaded;
        if (isChanged) left.add(name.path, CHANGED);
        return zip.addBytes(name, bytes, release);
      }
      case 'group': {
        const { files, room } = loaded;
        if (room !== null)
          await zip.addRoom(
            files.map(({ path }) => path),
            room,
          );
        for (const [index, file] of files.entries())
          if ((room?.files[index] ?? null) === null)
            await this.write(zip, await this.loadFile(file), left);
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
    if (loaded.kind === 'small') loaded.release();
    if (loaded.kind === 'group') loaded.room?.release();
  }
}

/** A room in which something has lost bytes is given back: each is opened then, and that one left out. */
async function roomOf({ files, reading }: GroupItem): Promise<FilledRoom | null> {
  const room = await reading;
  const isAnyShort = room?.files.some((read, index) => {
    const file = files[index];
    return read !== null && file !== undefined && hasLostBytes(file.known, read);
  });
  if (isAnyShort !== true) return room;
  room?.release();
  return null;
}

/** What is said of an error to those who read the list. */
function reasonOf(error: unknown): string {
  return error instanceof DomainError ? error.message : UNREADABLE;
}
