import type { DashboardMetrics, SystemMetrics } from '@homeserver/dto';
import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../platform/config/config';
import { StorageMeter } from './storage-meter.service';

/** A sample as it goes to every client: made once. */
export interface DashboardFrame {
  /** Rises from frame to frame, whatever the clock does. */
  readonly sequence: number;
  readonly metrics: DashboardMetrics;
  /** The same as JSON in UTF-8. */
  readonly bytes: Buffer;
}

/** Puts the frames together. */
@Injectable()
export class DashboardService {
  /** The frames of the newest sample, by user: they differ in what their drives hold. */
  private latest: {
    readonly system: SystemMetrics;
    readonly sequence: number;
    readonly frames: Map<string, Promise<DashboardFrame>>;
  } | null = null;
  private frameCount = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly storage: StorageMeter,
  ) {}

  /** The frame of a sample for a user: one, however many of their sockets want it, so all get the same bytes. */
  frameOf(system: SystemMetrics, userId: string): Promise<DashboardFrame> {
    if (this.latest?.system !== system) {
      this.frameCount += 1;
      this.latest = { system, sequence: this.frameCount, frames: new Map() };
    }
    const { frames, sequence } = this.latest;
    const frame = frames.get(userId) ?? this.compose(system, sequence, userId);
    frames.set(userId, frame);
    return frame;
  }

  private async compose(
    system: SystemMetrics,
    sequence: number,
    userId: string,
  ): Promise<DashboardFrame> {
    const metrics = {
      timestamp: system.timestamp,
      system,
      storage: await this.storage.glance(userId),
      server: { version: this.config.version, uptimeSeconds: Math.floor(process.uptime()) },
    };
    return { sequence, metrics, bytes: Buffer.from(JSON.stringify(metrics)) };
  }
}
