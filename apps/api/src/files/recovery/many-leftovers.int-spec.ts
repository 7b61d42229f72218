import { link, readdir, rm } from 'node:fs/promises';
import path from 'node:path';

import { eventPageSchema, type FileMetadata, filePageSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';

const FILES = 60;

/** A crash in the middle of many writes at once: `npm run bench -- recovery` does the same with ten thousand. */
describe('recovery of many writes', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });
  afterAll(() => server.close());

  const at = (...place: string[]) => path.join(server.filesFolder, ...place);

  async function leaveUnfinished(files: readonly FileMetadata[], assignments: string) {
    await query(
      server.database.url,
      `update file_metadata f set lease_holder = gen_random_uuid(), lease_until = now() - interval '1 minute', ${assignments}
       where id = any ($1)`,
      [files.map(({ id }) => id)],
    );
  }

  it('should finish all of them, each once, when it starts', async () => {
    const files: FileMetadata[] = [];
    for (let number = 0; number < FILES; number += 1)
      files.push(
        await upload(server, { name: `file ${number}.txt`, content: `content ${number}` }),
      );
    const part = (remainder: number) => files.filter((_, number) => number % 4 === remainder);
    const [staged, named, moving, deleting] = [part(0), part(1), part(2), part(3)];
    for (const { id, filename } of [...staged, ...named])
      await link(at(filename), at('.homeserver', 'staging', id));
    const { entryCount } = await new EntriesClient(server).defaultDrive();
    await eventually(async () =>
      expect(await query(server.database.url, `select 1 from event_outbox`)).toEqual([]),
    );
    await server.stop();
    for (const { filename } of staged) await rm(at(filename));
    await leaveUnfinished([...staged, ...named], `state = 'committing', staged_name = f.id`);
    await leaveUnfinished(
      moving,
      `state = 'moving', source_filename = f.filename, source_parent_id = f.parent_id, filename = 'moved ' || f.filename`,
    );
    await leaveUnfinished(deleting, `state = 'deleting'`);
    // Their end counts them once more.
    await query(
      server.database.url,
      `insert into folder_totals_changes (drive_id, folder_id, child_count, file_count, folder_count, total_bytes)
       select drive_id, parent_id, -count(*), -count(*), 0, -sum(size) from file_metadata
       where state = 'committing' group by drive_id, parent_id`,
    );
    server = await startTestApp({}, server);

    const { items } = await read(server, '/api/v1/files/list?limit=1000', filePageSchema);
    const expected = [
      ...[...staged, ...named].map(({ filename }) => filename),
      ...moving.map(({ filename }) => `moved ${filename}`),
    ];
    expect(items.map(({ filename }) => filename).toSorted()).toEqual(expected.toSorted());
    expect((await readdir(at())).filter((name) => name !== '.homeserver').toSorted()).toEqual(
      expected.toSorted(),
    );
    expect(await readdir(at('.homeserver', 'staging'))).toEqual([]);
    await eventually(async () => {
      const page = await read(server, '/api/v1/events?after=0&limit=1000', eventPageSchema);
      const counts: Record<string, number> = {};
      for (const { type } of page.items) counts[type] = (counts[type] ?? 0) + 1;
      expect(counts).toMatchObject({
        'homeserver.file.created': FILES + staged.length + named.length,
        'homeserver.file.moved': moving.length,
        'homeserver.file.deleted': deleting.length,
      });
    });
    const client = new EntriesClient(server);
    await eventually(async () =>
      expect((await client.defaultDrive()).entryCount).toBe(entryCount - deleting.length),
    );
  });
});
