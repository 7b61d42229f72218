import { Module } from '@nestjs/common';

import { AuditController } from './audit/audit.controller';
import { AuditService } from './audit/audit.service';
import { EventStreamController } from './event-stream/event-stream.controller';
import { EventStreamGateway } from './event-stream/event-stream.gateway';
import { EventStreamService } from './event-stream/event-stream.service';

@Module({
  controllers: [EventStreamController, AuditController],
  providers: [EventStreamService, EventStreamGateway, AuditService],
})
export class IntegrationsModule {}
