import { setTimeout as delay } from 'node:timers/promises';

import type {
  DeleteFileQuery,
  FileMetadata,
  ListTrashQuery,
  TrashItem,
  TrashPage,
} from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import {
  ContentMissingError,
  DriveAccess,
  DrivesService,
  NotAFileError,
  OtherFilesystemError,
  requireWriteAccess,
  type ServedDrive,
} from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { decodeTimeCursor, encodeTimeCursor } from '../../platform/http/time-cursor';
import { EntriesService } from '../entries/entries.service';
import { type Entry, toFileMetadata } from '../entries/entry';
import { EntryMover } from '../entries/entry-mover.service';
import { requireParent } from '../entries/entry-records.service';
import { onNewest } from '../entries/on-newest';
import {
  FileBusyError,
  FileNotFoundError,
  ManyUnconfirmedError,
  OutOfTrashError,
} from '../files.errors';
import { Indexer } from '../indexing/indexer.service';
import { FormerFolders } from './former-folders.service';
import { positionOf, TrashRepository, type VisibleTrashedEntry } from './trash.repository';

const DAY_MS = 24 * 60 * 60 * 1000;
/** A program that deletes more than this at once says that it means it. */
const MANY = 1000;
/** So long a change outside takes to be noticed, at most, where the system tells of it. */
const NOTICED_WITHIN_MS = 3000;
const LOOK_EVERY_MS = 50;
/** What is gone may be seen again under another name: one half of a rename is noticed before the other. */
const GONE_AFTER_MS = 1000;

/**
 * What is deleted is moved into the trash of its drive, by the write protocol of moves, and comes back by another
 * move: its bytes stay on their disk, and its id, its tags and all else that is known of it stay too.
 */
@Injectable()
export class TrashService {
  constructor(
    private readonly repository: TrashRepository,
    private readonly entries: EntriesService,
    private readonly mover: EntryMover,
    private readonly folders: FormerFolders,
    private readonly drives: DrivesService,
    private readonly driveAccess: DriveAccess,
    private readonly indexer: Indexer,
  ) {}

  /**
   * Puts an entry into the trash, or deletes it for good.
   * @param ifMatch the versions that the caller has seen; null where it does not care
   * @throws as EntriesService.takeAway; ManyUnconfirmedError; OutOfTrashError for what lies on another disk
   */
  async delete(
    actor: Actor,
    id: string,
    { permanent, confirm }: DeleteFileQuery,
    ifMatch: readonly number[] | null,
  ): Promise<void> {
    await this.entries.takeAway(actor, id, ifMatch, async (entry, drive) => {
      requireMeant(actor, countOf(entry), confirm);
      if (permanent === '1') await this.mover.delete(drive, entry, actor);
      else await this.put(drive, entry, actor);
    });
  }

  /** A page of the trash of all drives that the actor may read, or of one. @throws DriveNotFoundError */
  async list(actor: Actor, { driveId, cursor, limit }: ListTrashQuery): Promise<TrashPage> {
    if (driveId !== undefined) await this.driveAccess.get(actor, driveId);
    const found = await this.repository.list(actor.userId, {
      driveId: driveId ?? null,
      after: cursor === undefined ? null : decodeTimeCursor(cursor),
      limit: limit + 1,
    });
    const shown = found.slice(0, limit);
    const last = shown.at(-1);
    return {
      items: shown.map(toTrashItem),
      nextCursor:
        found.length > limit && last !== undefined ? encodeTimeCursor(positionOf(last)) : null,
    };
  }

  /**
   * Takes something out of the trash: to its place, beside it where the name is taken; the folder is made again where
   * it is gone.
   * @throws FileNotFoundError, AccessDeniedError, FileBusyError; ContentMissingError when somebody took it out by hand
   */
  async restore(actor: Actor, id: string): Promise<FileMetadata> {
    return onNewest(null, async () => {
      const { entry } = await this.getWritable(actor, id);
      const drive = await this.drives.find(entry.driveId);
      await this.drives.requireWritable(drive);
      const folder = await this.folders.find(actor, entry);
      return toFileMetadata(await this.mover.moveToFreeName(drive, entry, folder, actor));
    });
  }

  /** Something in the trash that the actor may take out or delete. @throws FileNotFoundError, AccessDeniedError */
  async getWritable(actor: Actor, id: string): Promise<VisibleTrashedEntry> {
    const found = await this.repository.findVisible(actor.userId, id);
    if (found === null) throw new FileNotFoundError();
    requireWriteAccess(found);
    return found;
  }

  /**
   * What lies elsewhere than the index says was renamed or removed outside a moment ago, it or a folder above it. The
   * index is about to notice which: until then nothing is given up that comes along with a rename.
   */
  private async put(drive: ServedDrive, entry: Entry, cause: Actor): Promise<void> {
    const to = { parentId: await this.repository.findTrashId(drive.id), filename: entry.id };
    const giveUpAt = performance.now() + NOTICED_WITHIN_MS;
    let goneAt = Infinity;
    for (let isMissing = false; ; isMissing = true) {
      try {
        await this.requireAtItsPlace(drive, entry);
        await this.mover.move(drive, entry, { to, tags: null, cause });
        return;
      } catch (error) {
        if (error instanceof OtherFilesystemError) throw new OutOfTrashError();
        const isGone = isMissing && error instanceof FileNotFoundError;
        if (!isGone && !(error instanceof ContentMissingError)) throw error;
        goneAt = isGone ? Math.min(goneAt, performance.now() + GONE_AFTER_MS) : Infinity;
        if (performance.now() > goneAt) return; // it was removed
        if (performance.now() > giveUpAt && !isGone) throw new FileBusyError();
        if (!isGone) await requireNoFolder(drive, entry);
      }
      await this.indexer.prepareList(drive.id, requireParent(entry));
      await delay(LOOK_EVERY_MS);
    }
  }

  /**
   * Before the intent: what is in the middle of a write, the index leaves as it is.
   * @throws ContentMissingError when the index has not noticed yet that it is elsewhere
   */
  private async requireAtItsPlace({ storage }: ServedDrive, entry: Entry): Promise<void> {
    if ((await storage.look(entry.storagePath)) !== null) return;
    if (await this.repository.isUnchanged(entry)) throw new ContentMissingError();
  }
}

/** Whoever wants to delete a file does not mean the folder that has taken its place. @throws NotAFileError */
async function requireNoFolder(
  { storage }: ServedDrive,
  { kind, storagePath }: Entry,
): Promise<void> {
  if (kind === 'file' && (await storage.look(storagePath))?.kind === 'folder')
    throw new NotAFileError();
}

/** How many entries go with one. */
export function countOf({ fileCount, folderCount, kind }: Entry): number {
  return kind === 'file' ? 1 : 1 + (fileCount ?? 0) + (folderCount ?? 0);
}

/** A person is asked by the page; a program that deletes much at once may do so by mistake. @throws ManyUnconfirmedError */
export function requireMeant(actor: Actor, count: number, confirm: 'many' | undefined): void {
  if (actor.credential.kind === 'token' && count > MANY && confirm !== 'many')
    throw new ManyUnconfirmedError(count);
}

function toTrashItem({ entry, trashedAt, trashDays }: VisibleTrashedEntry): TrashItem {
  return {
    id: entry.id,
    file: toFileMetadata(entry),
    trashedAt: trashedAt.toISOString(),
    expiresAt: new Date(trashedAt.getTime() + trashDays * DAY_MS).toISOString(),
  };
}
