import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { Logger } from 'pino';

import { DriveIndexState, DrivesService, FolderTotals, type ServedDrive } from '../../drives';
import { EventTransactions } from '../../platform/events/event-transactions';
import { LOGGER } from '../../platform/logging/logging.module';
import { BriefLooks } from './brief-looks';
import type { IndexRequest, IndexResult, Watching } from './index-protocol';
import { type IndexListener, IndexThreadAdapter } from './index-thread.adapter';
import { IndexUpkeepRepository } from './index-upkeep.repository';
import { shownBy, toIndexed } from './indexed-drive';
import { ScanProgress } from './scan-progress';

/** Another process looks after the drive, or the disk or the database failed: it is tried again. */
const AGAIN_MS = 30_000;
const LOST_AGAIN_MS = 1000;
const POLL_MS = 30_000;
/** Also where notifications arrive: for what they did not tell. */
const RESCAN_MS = 24 * 60 * 60_000;
const FULL_SCAN_AFTER_MS = 7 * RESCAN_MS;
const HASH_AFTER_MS = 2000;

/** What is wished of a scan. */
export interface ScanWish {
  readonly isFull: boolean;
  /** Whether whatever is gone is to be forgotten. */
  readonly forgetsGone: boolean;
  readonly cursor: readonly string[] | null;
  readonly signal?: AbortSignal;
  readonly onProgress?: (seenCount: number, names: readonly string[]) => void;
}

const QUICK: ScanWish = { isFull: false, forgetsGone: false, cursor: null };

/** A drive, and what this process does to keep its index. */
interface Kept {
  drive: ServedDrive;
  scanning: Promise<unknown>;
  timer: NodeJS.Timeout | null;
  hashTimer: NodeJS.Timeout | null;
  watching: Watching;
  /** Whether a scan that reads all waits for its turn, or is to be tried again. */
  isFullScanDue: boolean;
}

/** Keeps the index of every drive together with its disk: scans, listens, asks, and tells how far it is. */
@Injectable()
export class Indexer implements IndexListener, OnModuleInit, OnApplicationShutdown {
  private readonly kept = new Map<string, Kept>();
  private readonly looks: BriefLooks;
  private isStopped = false;

  constructor(
    private readonly thread: IndexThreadAdapter,
    private readonly drives: DrivesService,
    private readonly states: DriveIndexState,
    private readonly totals: FolderTotals,
    private readonly transactions: EventTransactions,
    private readonly upkeep: IndexUpkeepRepository,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.looks = new BriefLooks(thread, upkeep, logger);
  }

  onModuleInit(): void {
    this.thread.listen(this);
  }

  /** Begins with all drives. Once recovery is over: what a crash left half done is nothing that has changed outside. */
  start(): void {
    for (const drive of this.drives.list()) this.begin(drive);
    this.drives.onAdded(async (drive) => this.begin(drive));
    this.drives.onChanged(async (drive) => this.change(drive));
    this.drives.onStateChanged(async (drive, state) => {
      if (state === 'online') this.begin(drive);
      else this.end(drive.id);
    });
    this.drives.onForgotten(async (id) => this.end(id));
  }

  onApplicationShutdown(): void {
    this.isStopped = true;
    for (const driveId of [...this.kept.keys()]) this.end(driveId);
  }

  /**
   * Looks through a drive now; after the one that is under way, if any.
   * @returns null when another process looks after it
   * @throws DriveOfflineError, and the error of the disk
   */
  async scan(drive: ServedDrive, wish: ScanWish): Promise<IndexResult | null> {
    const kept = this.kept.get(drive.id) ?? this.keep(drive);
    const scan = kept.scanning
      .catch(() => undefined) // told to whoever asked for it
      .then(() => this.scanNow(kept, wish));
    kept.scanning = scan;
    scan.catch(() => undefined);
    return scan;
  }

  /** Sees to it that a folder that is about to be shown is known, as far as that takes no long time. */
  async prepareList(driveId: string, folderId: string): Promise<void> {
    const kept = this.kept.get(driveId);
    if (kept !== undefined) await this.looks.atFolder(kept.drive, kept.watching, folderId);
  }

  /** Looks at a name of which somebody has seen that it is not as the index has it, as far as that takes no long time. */
  async lookAt(driveId: string, folderId: string, name: string): Promise<void> {
    const kept = this.kept.get(driveId);
    if (kept !== undefined) await this.looks.atName(kept.drive, folderId, name);
  }

  onWritten(driveId: string, kind: IndexRequest['kind']): void {
    this.transactions.wake();
    this.totals.wake();
    if (kind !== 'hash' && kind !== 'verify') this.hashSoon(driveId);
  }

  onWatching(driveId: string, watching: Watching): void {
    const kept = this.kept.get(driveId);
    if (kept === undefined) return;
    kept.watching = watching;
    this.plan(kept, watching === 'polling' ? POLL_MS : RESCAN_MS);
    void this.states.setWatching(driveId, watching).catch((error: unknown) => {
      this.logger.debug({ err: error, driveId }, 'It is not noted how changes are noticed.');
    });
  }

  /** One that has not begun yet sees all that has changed by then. */
  onOverflow(driveId: string): void {
    const kept = this.kept.get(driveId);
    if (kept === undefined || kept.isFullScanDue) return;
    kept.isFullScanDue = true;
    void this.scanQuietly(kept, { ...QUICK, isFull: true });
  }

  onLost(): void {
    for (const kept of this.kept.values()) {
      kept.isFullScanDue = true;
      this.plan(kept, LOST_AGAIN_MS);
    }
  }

  private begin(drive: ServedDrive): void {
    const kept = this.keep(drive);
    this.thread.follow(toIndexed(drive));
    void this.scanQuietly(kept, QUICK);
  }

  /** What it leaves out may have changed: what is left out now is not gone by accident. */
  private change(drive: ServedDrive): void {
    const former = this.kept.get(drive.id)?.drive;
    const isShownAlike =
      former !== undefined && JSON.stringify(shownBy(former)) === JSON.stringify(shownBy(drive));
    if (!isShownAlike) this.end(drive.id);
    const kept = this.keep(drive);
    this.thread.follow(toIndexed(drive));
    if (!isShownAlike)
      void this.scanQuietly(kept, { isFull: true, forgetsGone: true, cursor: null });
  }

  private keep(drive: ServedDrive): Kept {
    const known = this.kept.get(drive.id);
    if (known !== undefined) {
      known.drive = drive;
      return known;
    }
    const kept: Kept = {
      drive,
      scanning: Promise.resolve(),
      timer: null,
      hashTimer: null,
      watching: 'none',
      isFullScanDue: false,
    };
    this.kept.set(drive.id, kept);
    return kept;
  }

  private end(driveId: string): void {
    const kept = this.kept.get(driveId);
    this.kept.delete(driveId);
    if (kept?.timer) clearTimeout(kept.timer);
    if (kept?.hashTimer) clearTimeout(kept.hashTimer);
    this.thread.release(driveId);
  }

  private async scanQuietly(kept: Kept, wish: ScanWish): Promise<void> {
    const { drive } = kept;
    try {
      const isDue =
        drive.fullyScannedAt !== null &&
        Date.now() - drive.fullyScannedAt.getTime() > FULL_SCAN_AFTER_MS;
      const result = await this.scan(drive, { ...wish, isFull: wish.isFull || isDue });
      if (result === null) this.plan(kept, AGAIN_MS);
    } catch (error) {
      this.logger.info({ err: error, drive: drive.name }, 'A scan is tried again in a while.');
      kept.isFullScanDue ||= wish.isFull;
      this.plan(kept, AGAIN_MS);
    }
  }

  /** The next look at a drive, instead of the one that was planned. */
  private plan(kept: Kept, afterMs: number): void {
    if (this.isStopped) return;
    if (kept.timer !== null) clearTimeout(kept.timer);
    kept.timer = setTimeout(() => {
      this.thread.follow(toIndexed(kept.drive));
      void this.scanQuietly(kept, { ...QUICK, isFull: kept.isFullScanDue });
      if (kept.watching === 'polling') this.plan(kept, POLL_MS);
    }, afterMs).unref();
  }

  private async scanNow(kept: Kept, wish: ScanWish): Promise<IndexResult | null> {
    const { drive } = kept;
    if (wish.isFull) kept.isFullScanDue = false;
    await this.drives.requireOnline(drive);
    const toleratedCount = wish.forgetsGone ? null : await this.upkeep.readToleratedCount(drive.id);
    const progress = new ScanProgress(
      this.states,
      drive.id,
      drive.scannedAt === null || wish.isFull,
    );
    try {
      const result = await this.thread.ask(
        {
          kind: 'scan',
          drive: toIndexed(drive),
          isFull: wish.isFull,
          toleratedCount,
          cursor: wish.cursor,
        },
        {
          signal: wish.signal,
          onProgress: (seenCount, names) => {
            progress.show(seenCount);
            wish.onProgress?.(seenCount, names);
          },
        },
      );
      await progress.settle();
      if (result.isElsewhere) return null;
      await this.note(kept, result, wish);
      this.thread.check(drive.id);
      return result;
    } catch (error) {
      await progress.settle();
      await this.states.setIndexState(drive.id, 'failed').catch(() => undefined);
      throw error;
    }
  }

  private async note(kept: Kept, result: IndexResult, { isFull }: ScanWish): Promise<void> {
    const { drive } = kept;
    const now = new Date();
    const { question, wasFirst } = result;
    await this.transactions.run(async ({ manager, record }) => {
      const isKnown = await this.states.set(
        drive.id,
        {
          indexState: question === null ? 'idle' : 'attention',
          attention:
            question === null
              ? null
              : { reason: 'mass_removal', ...question, since: now.toISOString() },
          scannedAt: now,
          ...(isFull || wasFirst ? { fullyScannedAt: now } : {}),
        },
        manager,
      );
      // A drive of our own that was just made has nothing to tell of.
      const isNews = question !== null || (wasFirst && drive.root !== null);
      if (!isKnown || !isNews) return;
      await record({
        type: question === null ? 'homeserver.drive.indexed' : 'homeserver.drive.attention',
        subject: `drives/${drive.id}`,
        driveId: drive.id,
        audience: question === null ? 'drive' : 'administrators',
        cause: null,
        data: { driveName: drive.name },
      });
    });
    // What somebody said to keep is back, or forgotten: the next time it is asked about again.
    if (result.isSettled) await this.upkeep.clearToleratedCount(drive.id);
    kept.drive = {
      ...drive,
      scannedAt: now,
      fullyScannedAt: isFull || wasFirst ? now : drive.fullyScannedAt,
    };
  }

  private hashSoon(driveId: string): void {
    const kept = this.kept.get(driveId);
    if (kept === undefined || kept.hashTimer !== null) return;
    kept.hashTimer = setTimeout(() => void this.hash(kept), HASH_AFTER_MS).unref();
  }

  private async hash(kept: Kept): Promise<void> {
    try {
      for (let hasMore = true; hasMore && this.kept.get(kept.drive.id) === kept;)
        ({ hasMore } = await this.thread.ask({ kind: 'hash', drive: toIndexed(kept.drive) }));
    } catch (error) {
      this.logger.debug({ err: error, drive: kept.drive.name }, 'Hashing goes on later.');
    } finally {
      kept.hashTimer = null;
    }
  }
}
