import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

import { EventLogRepository, type NewEvent } from './event-log.repository';
import { EventPublisher } from './event-publisher.service';

/** A transaction that can say what happens in it. */
export interface EventTransaction {
  readonly manager: EntityManager;
  /** Writes an event that exists if, and only if, the transaction is committed. */
  readonly record: (event: NewEvent) => Promise<void>;
  /** The same of many, in their order, by one statement. */
  readonly recordAll: (events: readonly NewEvent[]) => Promise<void>;
}

/** Opens the transactions in which domains change something, and has their events published after the commit. */
@Injectable()
export class EventTransactions {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly repository: EventLogRepository,
    private readonly publisher: EventPublisher,
  ) {}

  /** Events were written by other means, and are to be published. */
  wake(): void {
    this.publisher.wake();
  }

  async run<Result>(work: (transaction: EventTransaction) => Promise<Result>): Promise<Result> {
    let hasEvents = false;
    const result = await this.dataSource.transaction((manager) =>
      work({
        manager,
        record: async (event) => {
          hasEvents = true;
          await this.repository.appendToOutbox(event, manager);
        },
        recordAll: async (events) => {
          hasEvents ||= events.length > 0;
          await this.repository.appendAllToOutbox(events, manager);
        },
      }),
    );
    if (hasEvents) this.publisher.wake();
    return result;
  }
}
