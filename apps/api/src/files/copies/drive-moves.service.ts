import type { Job, PatchFile } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { DrivesService, FolderTotals, type ServedDrive } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { JobsService } from '../../platform/jobs/jobs.service';
import { EntriesService, requireUnreserved } from '../entries/entries.service';
import { type Entry, toFileMetadata } from '../entries/entry';
import { joinPath } from '../entries/storage-path';
import { FileBusyError, NameTakenError, OtherDriveError, StaleVersionError } from '../files.errors';
import { CopiedTree } from './copied-tree.repository';
import { requireRoom, type Transferred } from './copies.service';
import { requireReadable } from './entry-copies.service';
import { EntryMoves } from './entry-moves.service';
import type { MoveInput } from './move-jobs.service';

/** What is larger takes longer than somebody wants to wait for an answer. */
const AT_ONCE_BYTES = 64 * 1024 * 1024;
const ATTEMPTS = 5;

/** Where a change moves an entry to, on another drive. */
interface Target {
  readonly folder: Entry;
  readonly filename: string;
  readonly from: ServedDrive;
  readonly to: ServedDrive;
}

/** Changes of entries, also those that move them to another drive: small files at once, all else in the background. */
@Injectable()
export class DriveMoves {
  constructor(
    private readonly entries: EntriesService,
    private readonly tree: CopiedTree,
    private readonly moves: EntryMoves,
    private readonly drives: DrivesService,
    private readonly totals: FolderTotals,
    private readonly jobs: JobsService,
  ) {}

  /**
   * Changes the name, the place, or the tags. The entry keeps its id, wherever it goes.
   * @param ifMatch the versions that the caller has seen; null where it does not care
   * @throws as EntriesService.patch; and DriveFullError, UnreadableError, ContentMissingError for another drive
   */
  async patch(
    actor: Actor,
    id: string,
    patch: PatchFile,
    ifMatch: readonly number[] | null,
  ): Promise<Transferred> {
    try {
      return { kind: 'file', file: await this.entries.patch(actor, id, patch, ifMatch) };
    } catch (error) {
      if (!(error instanceof OtherDriveError)) throw error;
    }
    await this.totals.settle();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.moveToDrive(actor, id, patch, ifMatch);
      } catch (error) {
        if (!(error instanceof StaleVersionError) || ifMatch !== null) throw error;
        if (attempt === ATTEMPTS) throw new FileBusyError();
      }
    }
  }

  private async moveToDrive(
    actor: Actor,
    id: string,
    patch: PatchFile,
    ifMatch: readonly number[] | null,
  ): Promise<Transferred> {
    const entry = await this.entries.getChangeable(actor, id, ifMatch);
    requireReadable(entry);
    const target = await this.prepare(actor, entry, patch);
    const { folder, filename } = target;
    if (entry.kind === 'folder' || entry.size >= AT_ONCE_BYTES) {
      await this.requireFree(target);
      const { tags } = patch;
      if (tags !== undefined) await this.entries.patch(actor, id, { tags }, ifMatch);
      return { kind: 'job', job: await this.enqueue(actor, entry, target) };
    }
    const place = { id: uuid7(), parentId: folder.id, filename };
    const how = { cause: actor, tags: patch.tags ?? null };
    return { kind: 'file', file: toFileMetadata(await this.moves.move(entry, target, place, how)) };
  }

  private async prepare(
    actor: Actor,
    entry: Entry,
    { driveId, parentId, filename = entry.filename }: PatchFile,
  ): Promise<Target> {
    const folder = await this.entries.findDestination(actor, driveId, parentId ?? null);
    requireUnreserved(folder, filename);
    const from = await this.drives.find(entry.driveId);
    const to = await this.drives.find(folder.driveId);
    await this.drives.requireWritable(from);
    await this.drives.requireWritable(to);
    await requireRoom(to, entry.size);
    return { folder, filename, from, to };
  }

  /** Said at once, and not after an hour. @throws NameTakenError */
  private async requireFree({ folder, filename, to }: Target): Promise<void> {
    const isTaken =
      (await this.tree.isTaken(folder.id, filename)) ||
      (await to.storage.look(joinPath(folder.storagePath, filename))) !== null;
    if (isTaken) throw new NameTakenError(filename);
  }

  private async enqueue(
    { userId, username, clientAddress }: Actor,
    entry: Entry,
    { folder, filename, to }: Target,
  ): Promise<Job> {
    const input: MoveInput = {
      entryId: entry.id,
      fromDriveId: entry.driveId,
      folderId: folder.id,
      filename,
      cause: { userId, username, clientAddress },
    };
    return this.jobs.enqueue({
      kind: 'move',
      title: `Move of “${entry.filename}” to “${to.name}”`,
      driveId: to.id,
      userId,
      input,
      unit: 'bytes',
      total: entry.size,
    });
  }
}
