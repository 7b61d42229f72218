import { Module } from '@nestjs/common';

import { EventStreamController } from './event-stream/event-stream.controller';
import { EventStreamGateway } from './event-stream/event-stream.gateway';
import { EventStreamService } from './event-stream/event-stream.service';

@Module({
  controllers: [EventStreamController],
  providers: [EventStreamService, EventStreamGateway],
})
export class IntegrationsModule {}
