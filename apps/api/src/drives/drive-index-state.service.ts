import type { MassRemoval, DriveIndex } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { type DriveIndexChange, DriveIndexStateRepository } from './drive-index-state.repository';

/**
 * How far the index of each drive is, as people are shown it. Whoever keeps the index says so here; a drive that
 * was forgotten meanwhile is no error.
 */
@Injectable()
export class DriveIndexState {
  constructor(private readonly repository: DriveIndexStateRepository) {}

  async setIndexState(id: string, indexState: DriveIndex['state']): Promise<void> {
    await this.set(id, { indexState });
  }

  /** Entries that the scan under way has seen. */
  async setScannedCount(id: string, scannedCount: number): Promise<void> {
    await this.set(id, { scannedCount });
  }

  async setScannedAt(id: string, scannedAt: Date): Promise<void> {
    await this.set(id, { scannedAt });
  }

  /** When a scan that looks at every file came to its end. */
  async setFullyScannedAt(id: string, fullyScannedAt: Date): Promise<void> {
    await this.set(id, { fullyScannedAt });
  }

  async setWatching(id: string, watching: DriveIndex['watching']): Promise<void> {
    await this.set(id, { watching });
  }

  /** What an administrator is asked; null when there is nothing to decide. */
  async setAttention(
    id: string,
    attention: MassRemoval | null,
    manager?: EntityManager,
  ): Promise<void> {
    await this.set(id, { attention }, manager);
  }

  /** Several of these at once. @returns false when there is no such drive any more */
  async set(id: string, change: DriveIndexChange, manager?: EntityManager): Promise<boolean> {
    return this.repository.update(id, change, manager);
  }
}
