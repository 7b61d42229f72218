import {
  type DashboardMetrics,
  dashboardMetricsSchema,
  type HistoryQuery,
  historyQuerySchema,
  type MetricsHistory,
  metricsHistorySchema,
  type StorageMetrics,
  storageMetricsSchema,
  type SystemMetrics,
  systemMetricsSchema,
} from '@homeserver/dto';
import { Controller, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../platform/access/access.decorator';
import type { Actor } from '../platform/access/actor';
import { GetEndpoint } from '../platform/http/endpoint.decorator';
import { DashboardService } from './dashboard.service';
import { HistoryService } from './history/history.service';
import { SamplerService } from './sampler.service';
import { StorageMeter } from './storage-meter.service';

const WITHOUT_SAMPLE = { 503: ['monitoring.unavailable'] };

@ApiTags('Monitoring')
@Controller('api/v1/monitoring')
export class MonitoringController {
  constructor(
    private readonly sampler: SamplerService,
    private readonly dashboard: DashboardService,
    private readonly storage: StorageMeter,
    private readonly history: HistoryService,
  ) {}

  @GetEndpoint('system', {
    summary: 'The newest sample of the machine',
    access: 'monitoring:read',
    response: systemMetricsSchema,
    problems: WITHOUT_SAMPLE,
  })
  async readSystem(): Promise<SystemMetrics> {
    return this.sampler.current();
  }

  @GetEndpoint('storage', {
    summary: 'What the drives hold that you may see',
    description:
      'Not older than the time between two samples. While the database is away the last figures stand.',
    access: 'monitoring:read',
    response: storageMetricsSchema,
  })
  async readStorage(@CurrentActor() { userId }: Actor): Promise<StorageMetrics> {
    return this.storage.read(userId);
  }

  @GetEndpoint('dashboard', {
    summary: 'All that the dashboard shows: the newest frame of the metrics socket',
    access: 'monitoring:read',
    response: dashboardMetricsSchema,
    problems: WITHOUT_SAMPLE,
  })
  async readDashboard(@CurrentActor() { userId }: Actor): Promise<DashboardMetrics> {
    const frame = await this.dashboard.frameOf(await this.sampler.current(), userId);
    return frame.metrics;
  }

  @GetEndpoint('history', {
    summary: 'The samples of the last 15 minutes, as series for charts',
    description:
      'With more samples than points, each point covers a stretch of several samples, and intervalMs is the length of that stretch. Samples do not come to the millisecond: take a distance of more than one and a half intervals for a gap.',
    access: 'monitoring:read',
    response: metricsHistorySchema,
  })
  readHistory(@Query({ schema: historyQuerySchema }) query: HistoryQuery): MetricsHistory {
    this.sampler.noteWatcher();
    return this.history.read(query);
  }
}
