import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { DataSource } from 'typeorm';

import { createTestDatabase, type TestDatabase } from '../../../test/test-database';
import { dataSourceOptions } from '../database/data-source';
import { NamedStatements } from '../database/named-statements';
import { EventLogRepository } from './event-log.repository';

const INSERT = `insert into event_outbox (type, subject, time, data) values ('homeserver.test', $1, now(), '{}')`;

describe('the event log', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  let repository: EventLogRepository;

  beforeAll(async () => {
    database = await createTestDatabase();
    dataSource = await new DataSource(dataSourceOptions(database.url, [])).initialize();
    repository = new EventLogRepository(dataSource, new NamedStatements(dataSource));
  });

  afterAll(async () => {
    await dataSource.destroy();
    await database.drop();
  });

  async function openTransaction(): Promise<Client> {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query('begin');
    return client;
  }

  async function commit(client: Client): Promise<void> {
    await client.query('commit');
    await client.end();
  }

  const subjectsAfter = async (position: number) =>
    (await repository.readAddressed({ after: position, limit: 100 })).map((event) => event.subject);

  it('should lose no event when transactions overlap and the first to begin is the last to end', async () => {
    const start = await repository.readPosition();
    const early = await openTransaction();
    await early.query(INSERT, ['early']);
    const late = await openTransaction();
    await late.query(INSERT, ['late']);
    await commit(late);
    await repository.publish(100);

    // A reader comes by now and remembers where it was.
    expect(await subjectsAfter(start)).toEqual(['late']);
    const remembered = await repository.readPosition();

    await commit(early);
    await repository.publish(100);
    expect(await subjectsAfter(remembered)).toEqual(['early']);
  });

  it('should number without gaps when a transaction is rolled back', async () => {
    const start = await repository.readPosition();
    const undone = await openTransaction();
    await undone.query(INSERT, ['undone']);
    await undone.query('rollback');
    await undone.end();
    const kept = await openTransaction();
    await kept.query(INSERT, ['kept']);
    await commit(kept);
    await repository.publish(100);

    const events = await repository.readAddressed({ after: start, limit: 10 });
    expect(events.map(({ position, subject }) => [position, subject])).toEqual([
      [start + 1, 'kept'],
    ]);
  });

  it('should say how many waited, so that whoever wants all of them numbered goes on', async () => {
    const writer = await openTransaction();
    for (const subject of ['one', 'two', 'three']) await writer.query(INSERT, [subject]);
    await commit(writer);

    expect(await repository.publish(2)).toBe(2);
    expect(await repository.publish(2)).toBe(1);
    expect(await repository.publish(2)).toBe(0);
  });

  it('should number each event once when many publishers and writers work at once', async () => {
    const start = await repository.readPosition();
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let turn = 0; turn < 25; turn += 1) {
        const client = await openTransaction();
        await client.query(INSERT, [`${writer}/${turn}`]);
        await commit(client);
      }
    });
    let isWriting = true;
    const publishers = Array.from({ length: 4 }, async () => {
      while (isWriting) await repository.publish(7);
    });
    const seen: string[] = [];
    const reader = (async () => {
      for (let position = start; seen.length < 200;) {
        const events = await repository.readAddressed({ after: position, limit: 50 });
        for (const event of events) {
          expect(event.position).toBe(position + 1);
          position = event.position;
          seen.push(event.subject);
        }
      }
    })();
    await Promise.all(writers);
    isWriting = false;
    await Promise.all(publishers);
    while ((await repository.publish(100)) > 0);
    await reader;

    expect(new Set(seen).size).toBe(200);
  });
});
