import { Injectable } from '@nestjs/common';

import { type EventTransaction, EventTransactions } from './event-transactions';
import type { NewEvent } from './event-log.repository';

/** More would make those wait who are first in it. */
const AT_MOST = 50;
/** So many at the same time: while the database does what one asks, another one asks. */
const GROUPS = 3;

interface Waiting {
  /** Does it in the transaction of the group; what it comes to is told when that is committed. */
  readonly work: (transaction: EventTransaction) => Promise<void>;
  readonly onCommitted: () => void;
  readonly onFailed: () => Promise<void>;
}

/**
 * Transactions of many who work at the same time, as one: those that wait while one is under way are done by the next,
 * one after the other, with one statement for all of their events. None has to see what another does, and none holds
 * a lock that another waits for. When one of them fails each is done by itself.
 */
@Injectable()
export class GroupedTransactions extends EventTransactions {
  private readonly waiting: Waiting[] = [];
  private runningCount = 0;

  override async run<Result>(
    work: (transaction: EventTransaction) => Promise<Result>,
  ): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      let result: { readonly value: Result } | null = null;
      this.waiting.push({
        work: async (transaction) => {
          result = { value: await work(transaction) };
        },
        onCommitted: () => {
          if (result !== null) resolve(result.value);
        },
        onFailed: () => super.run(work).then(resolve, reject),
      });
      void this.runAll();
    });
  }

  private async runAll(): Promise<void> {
    if (this.runningCount === GROUPS) return;
    this.runningCount += 1;
    while (this.waiting.length > 0) await this.runGroup(this.waiting.splice(0, AT_MOST));
    this.runningCount -= 1;
  }

  private async runGroup(group: readonly Waiting[]): Promise<void> {
    const events: NewEvent[] = [];
    try {
      await this.dataSource.transaction(async (manager) => {
        const record = async (event: NewEvent) => {
          events.push(event);
        };
        for (const { work } of group) await work({ manager, record });
        await this.repository.appendAllToOutbox(events, manager);
      });
    } catch {
      // Whose failure it is shows when each is done by itself.
      for (const { onFailed } of group) await onFailed();
      return;
    }
    if (events.length > 0) this.publisher.wake();
    for (const { onCommitted } of group) onCommitted();
  }
}
