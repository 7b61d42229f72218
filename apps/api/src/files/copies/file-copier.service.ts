import { requireAcceptedType } from '../incoming/type-rules';
import { finished } from 'node:stream/promises';

import { Injectable } from '@nestjs/common';

import type { ReadableFile, ServedDrive, StagedFileWriter, StoredFile } from '../../drives';
import type { Entry } from '../entries/entry';
import { EntryBytes, isAsIndexed } from '../entries/entry-bytes.service';
import type { StagedContent } from '../entries/new-entry';

/** As large as what is written at a time, so that a buffer is free again when its write is done. */
const COPIED_BYTES = 1024 * 1024;

/** Whoever waits for a copy, or does it in the background. */
export interface CopyProgress {
  readonly signal?: AbortSignal;
  /** Called with how many bytes came since the last call. */
  readonly onBytes?: (count: number) => void;
}

/** A copy that is staged, and what was copied. */
export interface StagedCopy {
  readonly staged: StagedContent;
  /** The original as it was opened. */
  readonly original: StoredFile;
}

/** Stages copies of files: sharing blocks where the filesystem can, else by reading. */
@Injectable()
export class FileCopier {
  constructor(private readonly bytes: EntryBytes) {}

  /**
   * Where it fails nothing stays staged.
   * @throws TypeRefusedError when the other drive takes no such files; ContentMissingError, DriveOfflineError, DriveFullError; the reason of the signal
   */
  async stage(
    entry: Entry,
    to: ServedDrive,
    stagedName: string,
    progress: CopyProgress = {},
  ): Promise<StagedCopy> {
    if (entry.driveId !== to.id) requireAcceptedType(to, entry);
    const file = await this.bytes.open(entry);
    try {
      return await this.stageOpen(file, knownHash(entry, file), { to, stagedName }, progress);
    } finally {
      await file.close();
    }
  }

  /** The same of a file that is open. @param sha256 of its bytes, in lowercase hex; null where it is not known */
  async stageOpen(
    file: ReadableFile,
    sha256: string | null,
    { to, stagedName }: { readonly to: ServedDrive; readonly stagedName: string },
    progress: CopyProgress = {},
  ): Promise<StagedCopy> {
    const { size, modifiedAt, inode, birthNs } = file;
    try {
      const clone = await to.storage.stageClone(stagedName, file, file.attributes);
      const staged =
        clone === null
          ? await this.copy(file, to, stagedName, progress)
          : { ...clone, stagedName, sha256: sha256 === null ? null : Buffer.from(sha256, 'hex') };
      return { staged, original: { size, modifiedAt, inode, birthNs } };
    } catch (error) {
      await to.storage.removeStaged(stagedName).catch(() => undefined); // recovery finds it
      throw error;
    }
  }

  private async copy(
    file: ReadableFile,
    to: ServedDrive,
    stagedName: string,
    { signal, onBytes }: CopyProgress,
  ): Promise<StagedContent> {
    const writer = await to.storage.stage(stagedName, file.attributes);
    const end = finished(writer);
    end.catch(() => undefined); // told by the writes, or by the wait below
    try {
      const buffer = Buffer.allocUnsafeSlow(COPIED_BYTES);
      for (let position = 0; ;) {
        signal?.throwIfAborted();
        const count = await file.read(buffer, position);
        if (count === 0) break;
        position += count;
        await write(writer, buffer.subarray(0, count));
        onBytes?.(count);
        // What is shorter may wait in the writer for more: it keeps it.
        if (count < COPIED_BYTES) break;
      }
      writer.end();
      await end;
      const { sha256, file: stored } = writer.written;
      return { ...stored, stagedName, sha256 };
    } finally {
      writer.destroy();
    }
  }
}

async function write(writer: StagedFileWriter, chunk: Buffer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    writer.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}

/** What a scanner said holds for the bytes that it was given, and for no others. */
export function scanOf(entry: Entry, original: StoredFile): Entry['scan'] {
  return isAsIndexed(entry, original) ? entry.scan : null;
}

function knownHash(entry: Entry, file: ReadableFile): string | null {
  return isAsIndexed(entry, file) ? entry.sha256 : null;
}
