import { Injectable, type OnModuleInit } from '@nestjs/common';
import * as z from 'zod';

import { DriveAccess, DrivesService, type ServedDrive } from '../../drives';
import type { Actor, Cause } from '../../platform/access/actor';
import { derivedId } from '../../platform/database/derived-id';
import type { JobContext, JobWork } from '../../platform/jobs/job';
import { JobsService } from '../../platform/jobs/jobs.service';
import type { Entry } from '../entries/entry';
import { VisibleEntries } from '../entries/visible-entries.repository';
import { FileNotFoundError } from '../files.errors';
import { CopiedTrees } from './copied-trees.service';
import { EntryCopies } from './entry-copies.service';
import { type TransferSteps, TreeTransfer } from './tree-transfer';

const inputSchema = z.object({
  sourceId: z.uuid(),
  folderId: z.uuid(),
  filename: z.string(),
  cause: z.object({ userId: z.uuid(), username: z.string(), clientAddress: z.string() }),
});

/** What is copied, and where it goes. */
export type CopyInput = z.infer<typeof inputSchema>;

/** Copies trees in the background. Cancelled, it leaves what is complete; begun again, it makes nothing twice. */
@Injectable()
export class CopyJobs implements OnModuleInit {
  constructor(
    private readonly visible: VisibleEntries,
    private readonly trees: CopiedTrees,
    private readonly copies: EntryCopies,
    private readonly drives: DrivesService,
    private readonly driveAccess: DriveAccess,
    private readonly jobs: JobsService,
  ) {}

  onModuleInit(): void {
    this.jobs.handle('copy', (work, context) => this.copy(work, context));
  }

  private async copy(work: JobWork, context: JobContext): Promise<void> {
    const input = inputSchema.parse(work.input);
    const source = await this.requireVisible(input.cause, input.sourceId);
    const folder = await this.requireVisible(input.cause, input.folderId);
    const to = await this.drives.find(folder.driveId);
    await this.requireRights(input.cause, source, to);
    const transfer: TreeTransfer = new TreeTransfer(
      this.stepsOf(work, {
        input,
        source,
        to,
        context,
        onBytes: (count) => transfer.addBytes(count),
      }),
      context,
    );
    await transfer.run(work.cursor, async () => {
      const id = derivedId(work.id, source.id);
      const made = await this.trees.findMade(work.id, [source]);
      const place = { id, parentId: folder.id, filename: input.filename };
      if (made.size === 0) await this.copies.copyFolder(source, to, place, input.cause);
      context.result(id);
      return { from: source.id, to: id };
    });
  }

  private stepsOf(work: JobWork, { input, source, to, context, onBytes }: Copying): TransferSteps {
    const { cause } = input;
    const placeOf = ({ id, filename }: Entry, parentId: string) => ({
      id: derivedId(work.id, id),
      parentId,
      filename,
    });
    return {
      readChildren: (id, after, limit) =>
        this.trees.readChildren({ id, driveId: source.driveId }, after, limit),
      findMade: (children) => this.trees.findMade(work.id, children),
      makeFolder: async (folder, toId, isMade) => {
        await this.requireRights(cause, source, to);
        const place = placeOf(folder, toId);
        if (!isMade) await this.copies.copyFolder(folder, to, place, cause);
        return place.id;
      },
      transferFile: async (file, toId) => {
        const how = { cause, signal: context.signal, onBytes };
        await this.copies.copyFile(file, to, placeOf(file, toId), how);
      },
      leaveFolder: async () => null,
    };
  }

  private async requireVisible({ userId }: Pick<Actor, 'userId'>, id: string): Promise<Entry> {
    const found = await this.visible.find(userId, id);
    if (found === null) throw new FileNotFoundError();
    return found.entry;
  }

  /** What takes long asks again, and again. @throws FileNotFoundError, AccessDeniedError, DriveOfflineError */
  private async requireRights(
    cause: CopyInput['cause'],
    source: Entry,
    to: ServedDrive,
  ): Promise<void> {
    await this.requireVisible(cause, source.id);
    await this.driveAccess.requireStillWritable(cause, to.id);
    await this.drives.requireWritable(to);
  }
}

interface Copying {
  readonly input: CopyInput & { readonly cause: Cause };
  readonly source: Entry;
  readonly to: ServedDrive;
  readonly context: JobContext;
  readonly onBytes: (count: number) => void;
}
