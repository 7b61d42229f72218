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
  private latest: {
    readonly system: SystemMetrics;
    readonly frame: Promise<DashboardFrame>;
  } | null = null;
  private frameCount = 0;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly storage: StorageMeter,
  ) {}

  /** The frame of a sample: one, however many ask for it, so all of them get the same bytes. */
  frameOf(system: SystemMetrics): Promise<DashboardFrame> {
    if (this.latest?.system !== system) this.latest = { system, frame: this.compose(system) };
    return this.latest.frame;
  }

  private async compose(system: SystemMetrics): Promise<DashboardFrame> {
    this.frameCount += 1;
    const sequence = this.frameCount;
    const metrics = {
      timestamp: system.timestamp,
      system,
      storage: await this.storage.glance(),
      server: { version: this.config.version, uptimeSeconds: Math.floor(process.uptime()) },
    };
    return { sequence, metrics, bytes: Buffer.from(JSON.stringify(metrics)) };
  }
}
