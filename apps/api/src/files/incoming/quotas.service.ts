import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Logger } from 'pino';

import { uuid7 } from '../../platform/database/uuid7';
import { LOGGER } from '../../platform/logging/logging.module';
import { RegularWork } from '../../platform/upkeep/regular-work';
import { EntryLease } from '../entries/entry-lease';
import { QuotaExceededError } from '../files.errors';
import { QuotaHold } from './quota-hold';
import { QuotasRepository } from './quotas.repository';

const LOOK_EVERY_MS = 30_000;

/** Whose quota bytes count for. */
export interface Uploader {
  readonly userId: string;
  /** Where that is known. */
  readonly hasQuota?: boolean;
}

/**
 * Keeps people within what they may upload. Room is kept before bytes come, and counts until they are a file: so it
 * holds for any number of uploads at once, of any process.
 */
@Injectable()
export class Quotas implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly regular = new RegularWork();
  private readonly heldIds = new Set<string>();

  constructor(
    private readonly repository: QuotasRepository,
    private readonly lease: EntryLease,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.repository.deleteLeft(this.lease.holder);
    this.regular.every(LOOK_EVERY_MS, () => this.tidy());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.regular.stop();
  }

  /**
   * Keeps room for bytes that are about to come. Whoever asks releases it.
   * @param id that of the upload in parts that takes it over, if any
   * @returns null for those who may upload as much as there is room
   * @throws QuotaExceededError (507)
   */
  async hold(uploader: Uploader, bytes: number, id = uuid7()): Promise<QuotaHold | null> {
    const { userId, hasQuota = await this.repository.hasQuota(userId) } = uploader;
    if (!hasQuota) return null;
    const steps = {
      hold: (wanted: number) => this.holdRoom(id, userId, wanted),
      release: (manager?: EntityManager) => this.release(id, manager),
    };
    await steps.hold(bytes);
    // What is refused is not prolonged, and what is let go of while it is extended runs out.
    this.heldIds.add(id);
    return new QuotaHold(steps, bytes);
  }

  /** Adds up what was noted, and keeps what is held. */
  async tidy(): Promise<void> {
    try {
      if (this.heldIds.size > 0) await this.repository.prolong([...this.heldIds]);
      while (await this.repository.fold());
    } catch (error) {
      this.logger.debug({ err: error }, 'Quotas are looked at again in a while.');
    }
  }

  private async holdRoom(id: string, userId: string, bytes: number): Promise<void> {
    const isHeld = await this.repository.hold({ id, userId, bytes, holder: this.lease.holder });
    if (!isHeld) throw new QuotaExceededError();
  }

  private async release(id: string, manager?: EntityManager): Promise<void> {
    // Where a transaction is undone, who asked for the room releases it after all.
    this.heldIds.delete(id);
    await this.repository.release(id, manager);
  }
}
