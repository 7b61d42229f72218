import { Injectable, type OnModuleInit } from '@nestjs/common';
import * as z from 'zod';

import { DriveAccess, DrivesService, type ServedDrive } from '../../drives';
import { derivedId } from '../../platform/database/derived-id';
import type { JobContext, JobWork } from '../../platform/jobs/job';
import { JobsService } from '../../platform/jobs/jobs.service';
import type { Entry } from '../entries/entry';
import { FileNotFoundError } from '../files.errors';
import { CopiedTree } from './copied-tree.repository';
import { CopiedTrees } from './copied-trees.service';
import { requireReadable } from './entry-copies.service';
import { TreeMoves } from './tree-moves.service';
import { type TransferSteps, TreeTransfer } from './tree-transfer';

const inputSchema = z.object({
  entryId: z.uuid(),
  fromDriveId: z.uuid(),
  folderId: z.uuid(),
  filename: z.string(),
  cause: z.object({ userId: z.uuid(), username: z.string(), clientAddress: z.string() }),
});

/** What is moved, from where, and where it goes. */
export type MoveInput = z.infer<typeof inputSchema>;

interface Moving {
  readonly jobId: string;
  readonly input: MoveInput;
  readonly from: ServedDrive;
  readonly to: ServedDrive;
  readonly context: JobContext;
  readonly onBytes: (count: number) => void;
}

/**
 * Moves large files, and trees, to another drive in the background, file by file. Cancelled, each file is on one of
 * the two, whole; what is there keeps its ids, and the folders that are left stay where they were.
 */
@Injectable()
export class MoveJobs implements OnModuleInit {
  constructor(
    private readonly tree: CopiedTree,
    private readonly trees: CopiedTrees,
    private readonly moves: TreeMoves,
    private readonly drives: DrivesService,
    private readonly driveAccess: DriveAccess,
    private readonly jobs: JobsService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('move', (work, context) => this.move(work, context));
  }

  private async move(work: JobWork, context: JobContext): Promise<void> {
    const input = inputSchema.parse(work.input);
    const entry = await this.requirePresent(input.entryId);
    const folder = await this.requirePresent(input.folderId);
    context.result(entry.id);
    // An earlier attempt came to its end, and died before it could say so.
    if (entry.driveId === folder.driveId) return;
    const to = await this.drives.find(folder.driveId);
    const from = await this.drives.find(input.fromDriveId);
    await this.requireRights(input, [from, to]);
    const onBytes = (count: number) => transfer.addBytes(count);
    const moving: Moving = { jobId: work.id, input, from, to, context, onBytes };
    const transfer = new TreeTransfer(this.stepsOf(moving), context);
    const place = {
      id: derivedId(work.id, entry.id),
      parentId: folder.id,
      filename: input.filename,
    };
    if (entry.kind === 'file') {
      await this.trees.findMade(work.id, [entry]);
      const how = { cause: input.cause, signal: context.signal, onBytes };
      return this.moves.moveFile(entry, { from, to }, place, how);
    }
    await transfer.run(work.cursor, async () => {
      const made = await this.trees.findMade(work.id, [entry]);
      if (made.size === 0) await this.moves.makeFolder(to, place, input.cause);
      return { from: entry.id, to: place.id };
    });
  }

  private stepsOf({ jobId, input, from, to, context, onBytes }: Moving): TransferSteps {
    const { cause } = input;
    const placeOf = ({ id, filename }: Entry, parentId: string) => ({
      id: derivedId(jobId, id),
      parentId,
      filename,
    });
    return {
      readChildren: async (id, after, limit) => {
        const folder = await this.tree.find(id);
        // It is there already, with all that was in it.
        if (folder === null || folder.driveId === to.id) return [];
        return this.trees.readChildren(folder, after, limit);
      },
      findMade: (children) => this.trees.findMade(jobId, children),
      makeFolder: async (folder, toId, isMade) => {
        requireReadable(folder);
        await this.requireRights(input, [from, to]);
        const place = placeOf(folder, toId);
        if (!isMade) await this.moves.makeFreeFolder(to, place, cause);
        return place.id;
      },
      transferFile: (file, toId) => {
        const how = { cause, signal: context.signal, onBytes };
        return this.moves.moveFileToFreeName(file, { from, to }, placeOf(file, toId), how);
      },
      leaveFolder: (fromId, toId) => this.moves.leaveFolder(fromId, toId, to, cause),
    };
  }

  private async requirePresent(id: string): Promise<Entry> {
    const entry = await this.tree.find(id);
    if (entry === null) throw new FileNotFoundError();
    return entry;
  }

  /** What takes long asks again, and again. @throws AccessDeniedError, DriveReadOnlyError, DriveOfflineError */
  private async requireRights({ cause }: MoveInput, drives: readonly ServedDrive[]): Promise<void> {
    for (const drive of drives) {
      await this.driveAccess.requireStillWritable(cause, drive.id);
      await this.drives.requireWritable(drive);
    }
  }
}
