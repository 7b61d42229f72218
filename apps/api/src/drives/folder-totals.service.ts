import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { FolderTotalsRepository, type TotalsChange } from './folder-totals.repository';

/**
 * Long enough for the changes of a burst to be added up together; and again later, since what was noted is seen
 * only when its transaction has ended, whenever that is.
 */
const FOLD_AFTER_MS = [100, 400, 2000] as const;
/** For what a crash, or another process, left. */
const FOLD_EVERY_MS = 60_000;

/**
 * Keeps what each folder holds. A change is noted in the transaction that makes it, so that no two writers wait
 * for one row, and added up soon after, in the folder and in all above it.
 */
@Injectable()
export class FolderTotals implements OnModuleInit, OnApplicationShutdown {
  private everyTimer: NodeJS.Timeout | null = null;
  private soonTimer: NodeJS.Timeout | null = null;
  /** How long to wait for the next looks. */
  private waits: number[] = [];
  private folding: Promise<void> = Promise.resolve();

  constructor(private readonly repository: FolderTotalsRepository) {}

  onModuleInit(): void {
    this.everyTimer = setInterval(() => void this.fold(), FOLD_EVERY_MS);
    this.everyTimer.unref();
  }

  async onApplicationShutdown(): Promise<void> {
    if (this.everyTimer !== null) clearInterval(this.everyTimer);
    if (this.soonTimer !== null) clearTimeout(this.soonTimer);
    await this.folding;
  }

  /** Notes what a folder has more or less, in the transaction that makes it so. */
  async record(change: TotalsChange, manager: EntityManager): Promise<void> {
    await this.repository.append(change, manager);
    this.wake();
  }

  /** The same of many. */
  async recordAll(changes: readonly TotalsChange[], manager: EntityManager): Promise<void> {
    await this.repository.appendAll(changes, manager);
    this.wake();
  }

  /** Changes were noted, also by other means: they are added up soon. */
  wake(): void {
    this.waits = [...FOLD_AFTER_MS];
    this.planNextLook();
  }

  /**
   * Whoever moves or removes a folder holds this to the end of the transaction: a change below it counts for the
   * folders that are above when it is added up, and its own totals do not change meanwhile.
   */
  async lock(driveId: string, manager: EntityManager): Promise<void> {
    await this.repository.lock(driveId, manager);
  }

  /**
   * Adds up what this process has noted, for whoever reads totals right after a change. Of a drive to whose index many
   * rows are being written they stay a little behind.
   */
  async settle(): Promise<void> {
    if (this.soonTimer === null) return this.folding;
    // The looks that are planned stay: of what was noted, something may still be in its transaction.
    return this.fold();
  }

  /** How many entries lie directly in a folder. */
  async countChildren(folderId: string): Promise<number> {
    return this.repository.countChildren(folderId);
  }

  private planNextLook(): void {
    if (this.soonTimer !== null) return;
    const wait = this.waits.shift();
    if (wait === undefined) return;
    this.soonTimer = setTimeout(() => {
      this.soonTimer = null;
      void this.fold();
      this.planNextLook();
    }, wait).unref();
  }

  private async fold(): Promise<void> {
    this.folding = this.folding.then(() => this.foldAll());
    return this.folding;
  }

  private async foldAll(): Promise<void> {
    try {
      for (const driveId of await this.repository.findUnfoldedDrives()) {
        const isFolded = await this.repository.fold(driveId);
        if (!isFolded) this.wake();
      }
    } catch {
      // The database is away: the changes wait in their table for the next time.
    }
  }
}
