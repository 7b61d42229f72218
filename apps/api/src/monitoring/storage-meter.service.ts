import type { StorageMetrics } from '@homeserver/dto';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { DriveAccess } from '../drives';
import { CONFIG, type Config } from '../platform/config/config';
import { DatabaseUnavailableError, isDatabaseAway } from '../platform/database/database-errors';
import { LOGGER } from '../platform/logging/logging.module';
import { LastKnown } from './sampling/last-known';

/** A frame waits so long for fresh figures, and only for a question that was just asked. */
const FRAME_WAIT_MS = 100;
/** A call for the figures alone has more patience. */
const CALL_WAIT_MS = 5000;
/** Samples do not come to the millisecond, and each is to have figures of its own. */
const SHARE_OF_INTERVAL = 0.9;
/** Where samples are rare the figures need not be as old. */
const MAXIMUM_AGE_MS = 10_000;

/** Whoever has not asked for so long is forgotten. */
const KEPT_MS = 5 * 60_000;

type Usage = LastKnown<StorageMetrics>;

/**
 * What the drives of each user hold, asked of the database at most once in the time between two samples, however
 * many of their sockets and pages want to know.
 */
@Injectable()
export class StorageMeter {
  /** What each user sees, of those who asked in the last minutes. */
  private readonly usages = new Map<string, { readonly usage: Usage; askedAt: number }>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly drives: DriveAccess,
  ) {}

  /** For a frame, which must not wait: while the database is away the last figures, null if there are none yet. */
  async glance(userId: string): Promise<StorageMetrics | null> {
    return this.usageOf(userId).refresh(FRAME_WAIT_MS, this.maximumAgeMs);
  }

  /**
   * The figures, the last ones while the database is away.
   * @throws DatabaseUnavailableError (503) when it has been away all the time
   */
  async read(userId: string): Promise<StorageMetrics> {
    const usage = this.usageOf(userId);
    const storage = await usage.refresh(CALL_WAIT_MS, this.maximumAgeMs);
    if (storage !== null) return storage;
    const failure = usage.lastFailure;
    throw failure instanceof Error ? failure : new DatabaseUnavailableError(failure);
  }

  private get maximumAgeMs(): number {
    return Math.min(this.config.metricsIntervalMs * SHARE_OF_INTERVAL, MAXIMUM_AGE_MS);
  }

  private usageOf(userId: string): Usage {
    const now = Date.now();
    for (const [id, { askedAt }] of this.usages) {
      if (now - askedAt > KEPT_MS) this.usages.delete(id);
    }
    const known = this.usages.get(userId) ?? {
      usage: new LastKnown(() => this.measure(userId)),
      askedAt: now,
    };
    known.askedAt = now;
    this.usages.set(userId, known);
    return known.usage;
  }

  private async measure(userId: string): Promise<StorageMetrics> {
    try {
      const drives = await this.drives.readUsage(userId);
      return {
        fileCount: drives.reduce((sum, drive) => sum + drive.fileCount, 0),
        totalBytes: drives.reduce((sum, drive) => sum + drive.usedBytes, 0),
        drives: drives.map((drive) => ({ ...drive })),
      };
    } catch (error) {
      // That the database is away is said where it is noticed first; anything else is a fault of ours.
      if (!isDatabaseAway(error))
        this.logger.error({ err: error }, 'The drives could not be measured.');
      throw error;
    }
  }
}
