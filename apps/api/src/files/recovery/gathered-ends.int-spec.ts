import { rm } from 'node:fs/promises';
import path from 'node:path';

import { eventPageSchema, type FileMetadata } from '@homeserver/dto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { EventTransactions } from '../../platform/events/event-transactions';
import { FileNotFoundError } from '../files.errors';
import { GatheredEnds } from './gathered-ends.service';

const FILES = 24;

describe('ends of many writes', () => {
  let server: TestApp;
  let files: FileMetadata[];

  beforeEach(async () => {
    server = await startTestApp();
    files = [];
    for (let number = 0; number < FILES; number += 1)
      files.push(await upload(server, { name: `file ${number}.txt`, content: 'content' }));
    await query(
      server.database.url,
      `update file_metadata set state = 'deleting', lease_holder = gen_random_uuid(),
         lease_until = now() + interval '1 hour' where id = any ($1)`,
      [files.map(({ id }) => id)],
    );
    // The index would take them for new ones.
    for (const { filename } of files) await rm(path.join(server.filesFolder, filename));
  });
  afterEach(() => server.close());

  const endAll = (ids: readonly string[]) => {
    const ends = server.app.get(GatheredEnds);
    return Promise.allSettled(ids.map((id) => ends.finishDelete(id)));
  };

  async function expectDeleted(gone: readonly FileMetadata[]): Promise<void> {
    const deleted = await eventually(async () => {
      const page = await read(server, '/api/v1/events?after=0&limit=1000', eventPageSchema);
      const told = page.items.filter(({ type }) => type === 'homeserver.file.deleted');
      expect(told).toHaveLength(gone.length);
      return told;
    });
    expect(deleted.map(({ subject }) => subject)).toEqual(gone.map(({ id }) => `files/${id}`));
    await eventually(async () =>
      expect((await new EntriesClient(server).defaultDrive()).entryCount).toBe(FILES - gone.length),
    );
  }

  it('should tell of all in the order in which they came', async () => {
    const outcomes = await endAll(files.map(({ id }) => id));

    expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
    await expectDeleted(files);
  });

  it('should take those of the others when one of them fails', async () => {
    const unlucky = files[13];
    await query(
      server.database.url,
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'unlucky'; end $$`,
    );
    await query(
      server.database.url,
      `create trigger refuse before delete on file_metadata for each row
       when (old.id = '${unlucky?.id}') execute function refuse()`,
    );
    const outcomes = await endAll(files.map(({ id }) => id));

    expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(outcomes[13]).toMatchObject({ reason: { message: 'unlucky' } });
    const left = await query(
      server.database.url,
      `select id from file_metadata where state = 'deleting'`,
    );
    expect(left).toEqual([{ id: unlucky?.id }]);
    await expectDeleted(files.filter((file) => file !== unlucky));
  });

  it('should ask the database no more for any of them when it is away', async () => {
    const away = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const run = jest.spyOn(server.app.get(EventTransactions), 'run').mockRejectedValue(away);
    const outcomes = await endAll(files.map(({ id }) => id));
    const askedCount = run.mock.calls.length;
    run.mockRestore();

    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true);
    expect(askedCount).toBeLessThan(FILES);
    await endAll(files.map(({ id }) => id));
    await expectDeleted(files);
  });

  it('should say which of them are gone, and take those of the others', async () => {
    const ends = server.app.get(GatheredEnds);
    const outcomes = await Promise.allSettled([
      ...files.map(({ id }) => ends.finishDelete(id)),
      ends.finishDelete(crypto.randomUUID()),
      ends.finishCommit(crypto.randomUUID()),
      ends.finishMove(crypto.randomUUID(), { parentId: crypto.randomUUID(), filename: 'x' }),
    ]);

    const [commit, move] = outcomes.splice(-2);
    expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
    for (const outcome of [commit, move])
      expect(outcome).toMatchObject({ reason: expect.any(FileNotFoundError) });
    await expectDeleted(files);
  });
});
