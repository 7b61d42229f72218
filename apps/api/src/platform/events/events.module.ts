import { Global, Module } from '@nestjs/common';
import { TypeOrmModule } from '@nestjs/typeorm';

import { EventFeed } from './event-feed.service';
import { EventEntity, EventOutboxEntity, EventPositionEntity } from './event-log.entities';
import { EventLogRepository } from './event-log.repository';
import { EventPublisher } from './event-publisher.service';
import { EventRetention } from './event-retention.service';
import { EventTransactions } from './event-transactions';

@Global()
@Module({
  imports: [TypeOrmModule.forFeature([EventOutboxEntity, EventEntity, EventPositionEntity])],
  providers: [EventLogRepository, EventPublisher, EventFeed, EventRetention, EventTransactions],
  exports: [EventLogRepository, EventFeed, EventPublisher, EventTransactions],
})
export class EventsModule {}
