import type { StorageMetrics } from '@homeserver/dto';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { DrivesService } from '../drives';
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

/**
 * What the drives hold, asked of the database at most once in the time between two samples, whoever
 * and however many want to know.
 */
@Injectable()
export class StorageMeter {
  private readonly usage = new LastKnown(() => this.measure());

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly drives: DrivesService,
  ) {}

  /** For a frame, which must not wait: while the database is away the last figures, null if there are none yet. */
  async glance(): Promise<StorageMetrics | null> {
    return this.usage.refresh(FRAME_WAIT_MS, this.maximumAgeMs);
  }

  /**
   * The figures, the last ones while the database is away.
   * @throws DatabaseUnavailableError (503) when it has been away all the time
   */
  async read(): Promise<StorageMetrics> {
    const storage = await this.usage.refresh(CALL_WAIT_MS, this.maximumAgeMs);
    if (storage !== null) return storage;
    const failure = this.usage.lastFailure;
    throw failure instanceof Error ? failure : new DatabaseUnavailableError(failure);
  }

  private get maximumAgeMs(): number {
    return Math.min(this.config.metricsIntervalMs * SHARE_OF_INTERVAL, MAXIMUM_AGE_MS);
  }

  private async measure(): Promise<StorageMetrics> {
    try {
      const drives = await this.drives.readUsage();
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
