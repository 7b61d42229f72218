import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import type { NewEvent } from './event-log.repository';
import { GroupedTransactions } from './grouped-transactions';

describe('transactions in groups', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });
  afterAll(() => server.close());

  const eventOf = (subject: string): NewEvent => ({
    type: 'homeserver.drive.changed',
    subject,
    driveId: null,
    audience: 'administrators',
    cause: null,
    data: { driveName: subject },
  });

  it('should do what the others want when one of them fails', async () => {
    const transactions = server.app.get(GroupedTransactions);
    // A table of its own: those of the server change by themselves.
    await query(server.database.url, `create table counted as select 0 as count`);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, number) =>
        transactions.run(async ({ manager, record }) => {
          await manager.query(`update counted set count = count + 1`);
          await record(eventOf(`group/${number}`));
          if (number === 13) throw new Error('unlucky');
          return number;
        }),
      ),
    );

    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(outcomes[13]).toMatchObject({ reason: new Error('unlucky') });
    expect(outcomes[14]).toEqual({ status: 'fulfilled', value: 14 });
    const rows = await query<{ count: number; told: number }>(
      server.database.url,
      `select count, (
         (select count(*) from events where subject like 'group/%') + (select count(*) from event_outbox)
       )::integer as told from counted`,
    );
    expect(rows).toEqual([{ count: 19, told: 19 }]);
  });
});
