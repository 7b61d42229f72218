import { Module } from '@nestjs/common';

import { DrivesModule } from '../drives';
import { CONFIG, type Config } from '../platform/config/config';
import { DashboardService } from './dashboard.service';
import { HistoryService } from './history/history.service';
import { SampleRing } from './history/sample-ring';
import { MetricsGateway } from './metrics.gateway';
import { MonitoringController } from './monitoring.controller';
import { SamplerService } from './sampler.service';
import { createMachineReader } from './sampling/create-machine-reader';
import { MACHINE_READER } from './sampling/machine-reader';
import { StorageMeter } from './storage-meter.service';

@Module({
  imports: [DrivesModule],
  controllers: [MonitoringController],
  providers: [
    { provide: MACHINE_READER, useFactory: createMachineReader },
    {
      provide: SampleRing,
      inject: [CONFIG],
      useFactory: (config: Config) => new SampleRing(config.metricsIntervalMs),
    },
    SamplerService,
    StorageMeter,
    DashboardService,
    HistoryService,
    MetricsGateway,
  ],
})
export class MonitoringModule {}
