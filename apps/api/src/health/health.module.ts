import { Module } from '@nestjs/common';

import { DrivesModule } from '../drives';
import { HealthController } from './health.controller';
import { HealthService } from './health.service';

@Module({ imports: [DrivesModule], controllers: [HealthController], providers: [HealthService] })
export class HealthModule {}
