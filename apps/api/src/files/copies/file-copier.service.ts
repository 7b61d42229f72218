import { requireAcceptedType } from '../incoming/type-rules';
import { finished } from 'node:stream/promises';

import { Injectable } from '@nestjs/common';

import type { ReadableFile, ServedDrive, StagedFileWriter, StoredFile } from '../../drives';
import type { Entry } from '../entries/entry';
import {
  EntryBytes,
  hasLostBytes,
  isAsIndexed,
  type KnownContent,
} from '../entries/entry-bytes.service';
import type { StagedContent } from '../entries/new-entry';

/** As large as what is written at a time, so that a buffer is free again when its write is done. */
const COPIED_BYTES = 1024 * 1024;

/** Whoever waits for a copy, or does it in the background. */
export interface CopyProgress {
  readonly signal?: AbortSignal;
  /** Called with how many bytes came since the last call. */
  readonly onBytes?: (count: number) => void;
}

/** Where a copy is staged, and under which name. */
interface StagingPlace {
  readonly to: ServedDrive;
  readonly stagedName: string;
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
      return await this.stageOpen(file, entry, { to, stagedName }, progress);
    } finally {
      await file.close();
    }
  }

  /** The same of a file that is open. @param known what its bytes should be, unless somebody has written to it since */
  async stageOpen(
    file: ReadableFile,
    known: KnownContent,
    target: StagingPlace,
    progress: CopyProgress = {},
  ): Promise<StagedCopy> {
    const { to, stagedName } = target;
    const { size, modifiedAt, inode, birthNs } = file;
    try {
      const clone = await to.storage.stageClone(stagedName, file, file.attributes);
      const staged =
        clone === null
          ? await this.copyAndCompare(file, known, target, progress)
          : { ...clone, stagedName, ...unreadContent(known, file) };
      return { staged, original: { size, modifiedAt, inode, birthNs } };
    } catch (error) {
      await to.storage.removeStaged(stagedName).catch(() => undefined); // recovery finds it
      throw error;
    }
  }

  /**
   * What was read is compared with what is known. Bytes that nobody has written to and that are others are copied all
   * the same; the copy keeps the hash that they should have, and is marked. Before that they are read once more: it may
   * have been the memory, or the cable, and the original may be about to be removed.
   */
  private async copyAndCompare(
    file: ReadableFile,
    known: KnownContent,
    target: StagingPlace,
    progress: CopyProgress,
  ): Promise<StagedContent> {
    const sha256 = knownHash(known, file);
    const isDamaged = async (copy: StagedContent) =>
      sha256 !== null && copy.sha256?.equals(sha256) === false && (await file.isUnchanged());
    const first = await this.copy(file, target, progress);
    if (!(await isDamaged(first))) return first;
    await target.to.storage.removeStaged(target.stagedName);
    const { onBytes: _counted, ...uncounted } = progress;
    const second = await this.copy(file, target, uncounted);
    if (!(await isDamaged(second))) return second;
    return { ...second, sha256, corruptedAt: known.corruptedAt ?? new Date() };
  }

  private async copy(
    file: ReadableFile,
    { to, stagedName }: StagingPlace,
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
export function scanOf(
  known: KnownContent & Pick<Entry, 'scan'>,
  original: StoredFile,
  { corruptedAt = null }: StagedContent,
): Entry['scan'] {
  return isAsIndexed(known, original) && corruptedAt === null ? known.scan : null;
}

/** What is said of a clone, whose bytes nobody has read. */
function unreadContent(
  known: KnownContent,
  file: StoredFile,
): Pick<StagedContent, 'sha256' | 'corruptedAt'> {
  const sha256 = knownHash(known, file);
  if (sha256 === null) return { sha256, corruptedAt: null };
  const foundAt = hasLostBytes(known, file) ? new Date() : null;
  return { sha256, corruptedAt: known.corruptedAt ?? foundAt };
}

/** The hash that bytes should have which nobody has written to; null where it is not known. */
function knownHash(known: KnownContent, file: StoredFile): Buffer | null {
  const isUnwritten = isAsIndexed(known, file) || hasLostBytes(known, file);
  return known.sha256 !== null && isUnwritten ? Buffer.from(known.sha256, 'hex') : null;
}
