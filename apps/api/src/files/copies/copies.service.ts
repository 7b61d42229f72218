import type { CopyFile, FileMetadata, Job } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { DriveFullError, DrivesService, FolderTotals, type ServedDrive } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { uuid7 } from '../../platform/database/uuid7';
import { JobsService } from '../../platform/jobs/jobs.service';
import { EntriesRepository } from '../entries/entries.repository';
import { EntriesService, requireUnreserved } from '../entries/entries.service';
import { type Entry, toFileMetadata } from '../entries/entry';
import { IntoItselfError } from '../files.errors';
import type { CopyInput } from './copy-jobs.service';
import { EntryCopies, requireReadable } from './entry-copies.service';

/** What was made at once, or who makes it. */
export type Transferred =
  | { readonly kind: 'file'; readonly file: FileMetadata }
  | { readonly kind: 'job'; readonly job: Job };

/** Copies files at once, and trees in the background. */
@Injectable()
export class CopiesService {
  constructor(
    private readonly entries: EntriesService,
    private readonly repository: EntriesRepository,
    private readonly copies: EntryCopies,
    private readonly drives: DrivesService,
    private readonly totals: FolderTotals,
    private readonly jobs: JobsService,
  ) {}

  /**
   * @throws FileNotFoundError, IntoItselfError, MountedFolderError, UnreadableError, NameReservedError,
   * DriveOfflineError, DriveReadOnlyError, DriveFullError
   */
  async copy(actor: Actor, id: string, wish: CopyFile): Promise<Transferred> {
    await this.entries.get(actor, id);
    // What a folder holds is known right after a change, too.
    await this.totals.settle();
    const source = await this.entries.get(actor, id);
    requireReadable(source);
    const folder = await this.entries.findDestination(actor, wish.driveId, wish.parentId);
    const filename = wish.filename ?? source.filename;
    requireUnreserved(folder, filename);
    const to = await this.drives.find(folder.driveId);
    await this.drives.requireWritable(to);
    await this.drives.requireOnline(await this.drives.find(source.driveId));
    await requireRoom(to, source.size);
    if (source.kind === 'folder')
      return { kind: 'job', job: await this.enqueue(actor, source, { folder, filename }) };
    const place = { id: uuid7(), parentId: folder.id, filename };
    const copy = await this.copies.copyFile(source, to, place, { cause: actor });
    return { kind: 'file', file: toFileMetadata(copy) };
  }

  private async enqueue(
    { userId, username, clientAddress }: Actor,
    source: Entry,
    { folder, filename }: { folder: Entry; filename: string },
  ): Promise<Job> {
    const above = await this.repository.findAncestors(folder.id);
    if ([folder, ...above].some(({ id }) => id === source.id)) throw new IntoItselfError();
    const cause = { userId, username, clientAddress };
    const input: CopyInput = { sourceId: source.id, folderId: folder.id, filename, cause };
    return this.jobs.enqueue({
      kind: 'copy',
      title: `Copy of “${source.filename}”`,
      driveId: folder.driveId,
      userId,
      input,
      unit: 'bytes',
      total: source.size,
    });
  }
}

/** @throws DriveFullError */
export async function requireRoom(
  { name, storage }: ServedDrive,
  sizeBytes: number,
): Promise<void> {
  const { freeBytes } = await storage.space();
  if (sizeBytes > freeBytes) throw new DriveFullError(name);
}
