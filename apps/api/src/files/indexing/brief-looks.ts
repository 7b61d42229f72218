import type { Logger } from 'pino';

import type { ServedDrive } from '../../drives';
import type { IndexRequest, Watching } from './index-protocol';
import type { IndexThreadAdapter } from './index-thread.adapter';
import type { IndexUpkeepRepository } from './index-upkeep.repository';
import { toIndexed } from './indexed-drive';

/** Somebody waits: after so long they go on with what is known. */
const WAIT_MS = 3000;
/** Where a part of a folder is known, that is shown rather than waited for the rest. */
const GLANCE_MS = 100;
const POLLED_WAIT_MS = 500;
const LOOKED_AGAIN_AFTER_MS = 2000;

/** Looks of the index for which somebody waits, though not for long. */
export class BriefLooks {
  private readonly lookedAt = new Map<string, number>();

  constructor(
    private readonly thread: IndexThreadAdapter,
    private readonly upkeep: IndexUpkeepRepository,
    private readonly logger: Logger,
  ) {}

  /** At a folder that is about to be shown, where it may not be known as it is. */
  async atFolder(drive: ServedDrive, watching: Watching, folderId: string): Promise<void> {
    const listing = drive.scannedAt === null ? await this.upkeep.readListing(folderId) : 'all';
    if (listing !== 'all' && (listing === 'none' || this.isDue(folderId)))
      await this.ask(
        { kind: 'list', drive: toIndexed(drive), folderId },
        listing === 'none' ? WAIT_MS : GLANCE_MS,
      );
    else if (watching === 'polling' && this.isDue(folderId))
      await this.ask(
        { kind: 'look', drive: toIndexed(drive), folders: [{ folderId, names: null }] },
        POLLED_WAIT_MS,
      );
  }

  /** At a name of which somebody has seen that it is not as the index has it. */
  async atName(drive: ServedDrive, folderId: string, name: string): Promise<void> {
    const folders = [{ folderId, names: [name] }];
    await this.ask({ kind: 'look', drive: toIndexed(drive), folders }, WAIT_MS);
  }

  private isDue(folderId: string): boolean {
    const now = Date.now();
    if (now - (this.lookedAt.get(folderId) ?? 0) < LOOKED_AGAIN_AFTER_MS) return false;
    if (this.lookedAt.size > 1000) this.lookedAt.clear();
    this.lookedAt.set(folderId, now);
    return true;
  }

  /** What does not come in time comes later: it is shown by its events then. */
  private async ask(request: IndexRequest, waitMs: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const waited = new Promise<void>((resolve) => (timer = setTimeout(resolve, waitMs)));
    const asked = this.thread.ask(request).then(
      () => undefined,
      (error: unknown) => {
        this.logger.debug({ err: error }, 'A folder is shown as it is known.');
      },
    );
    await Promise.race([asked, waited]);
    clearTimeout(timer);
  }
}
