import { setTimeout as delay } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';

import type { ServedDrive } from '../../drives';
import type { Entry } from '../entries/entry';
import { EntryWrites } from '../entries/entry-writes.service';
import { NamedEntries } from '../entries/named-entries.repository';
import type { NewFile } from '../entries/new-entry';
import {
  FileBusyError,
  FileNotFoundError,
  NameTakenError,
  StaleVersionError,
} from '../files.errors';
import { Indexer } from '../indexing/indexer.service';
import { type NewContent, ReplacementWrites } from './replacement-writes.service';

/** Others write to the same file, or it came to the drive from outside a moment ago: nobody is told who can wait. */
const PATIENCE_MS = 3000;
const LOOK_EVERY_MS = 20;
/** What sets the time of change of a file apart: the clocks of FAT count two seconds, that of exFAT 10 ms. */
const LATER_MS = [1, 10, 2000];

/** `conflict=version`: what comes is the new content of the file that bears its name, or a file where none does. */
@Injectable()
export class Replacements {
  constructor(
    private readonly named: NamedEntries,
    private readonly writes: EntryWrites,
    private readonly replacing: ReplacementWrites,
    private readonly indexer: Indexer,
  ) {}

  /** Said before its bytes come. @throws NameTakenError when what bears the name is no file */
  async requireReplaceable(parentId: string, filename: string): Promise<void> {
    const there = await this.named.find(parentId, filename);
    if (there !== null) requireFile(there);
  }

  /**
   * Gives staged bytes their name. Where it fails they stay staged.
   * @throws NameTakenError when what bears the name is no file; FileNotFoundError when the folder is gone;
   * FileBusyError when others replace it over and over
   */
  async commit(drive: ServedDrive, content: NewContent): Promise<Entry> {
    const { cause, alongside } = content;
    const staged = { file: content.file };
    const { parentId, filename } = content.file;
    return persistently(async () => {
      const there = await this.named.find(parentId, filename);
      if (there !== null) return this.replaceFile(drive, there, content, staged);
      try {
        return await this.writes.commit(drive, staged.file, cause, alongside);
      } catch (error) {
        if (!(error instanceof NameTakenError)) throw error;
        // Somebody is just making it, or it lies on the drive and is not known yet.
        await this.indexer.lookAt(drive.id, parentId, filename);
        throw new PassingError(error);
      }
    });
  }

  /**
   * Gives a file another content.
   * @param find the file as it is at that moment
   * @throws NameTakenError, FileBusyError as `commit`, and what `find` throws
   */
  async replace(
    drive: ServedDrive,
    find: () => Promise<Entry>,
    content: NewContent,
  ): Promise<Entry> {
    const staged = { file: content.file };
    return persistently(async () => this.replaceFile(drive, await find(), content, staged));
  }

  /** @param staged the file as it is staged by now: it may have got another time */
  private async replaceFile(
    drive: ServedDrive,
    there: Entry,
    content: NewContent,
    staged: { file: NewFile },
  ): Promise<Entry> {
    requireFile(there);
    // It has gone to another drive since the bytes were staged on this one.
    if (there.driveId !== drive.id) throw new FileBusyError();
    staged.file = await setApart(drive, there, staged.file);
    try {
      return await this.replacing.replace(drive, there, { ...content, file: staged.file });
    } catch (error) {
      const isPassing =
        error instanceof StaleVersionError ||
        error instanceof FileBusyError ||
        error instanceof FileNotFoundError;
      throw isPassing ? new PassingError(error) : error;
    }
  }
}

/** What a moment later may not be so any more. */
class PassingError extends Error {
  constructor(readonly reason: Error) {
    super(reason.message);
  }
}

/** @throws the reason of the last PassingError; FileBusyError where that is only that it has changed */
async function persistently<Result>(attempt: () => Promise<Result>): Promise<Result> {
  const giveUpAt = performance.now() + PATIENCE_MS;
  for (;;) {
    const isLast = performance.now() > giveUpAt;
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof PassingError)) throw error;
      if (isLast)
        throw error.reason instanceof StaleVersionError ? new FileBusyError() : error.reason;
    }
    await delay(LOOK_EVERY_MS);
  }
}

/** @throws NameTakenError for folders and links */
function requireFile({ kind, nature, filename }: Entry): void {
  if (kind === 'folder' || nature === 'link' || nature === 'mount')
    throw new NameTakenError(filename);
}

/**
 * By its size and its time of change everybody tells whether a file is still the one that they know: downloads, the
 * index, copies. Another content of the same size gets another time.
 */
async function setApart(drive: ServedDrive, there: Entry, file: NewFile): Promise<NewFile> {
  const isAlike = (time: Date) =>
    file.size === there.size && time.getTime() === there.modifiedAt.getTime();
  const isSame = file.sha256 !== null && file.sha256 === there.sha256 && file.corruptedAt === null;
  let apart = file;
  for (const later of LATER_MS) {
    if (isSame || !isAlike(apart.modifiedAt)) break;
    const modifiedAt = new Date(there.modifiedAt.getTime() + later);
    apart = { ...file, ...(await drive.storage.sealStaged(file.stagedName, { modifiedAt })) };
  }
  return apart;
}
