import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { eventPageSchema } from '@homeserver/dto';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { DatabaseProxy } from '../../test/database-proxy';
import { eventually } from '../../test/eventually';
import { filenamesOf, postUpload, read, readProblem, upload } from '../../test/files-client';
import { createTestDatabase, type TestDatabase } from '../../test/test-database';
import { startTestApp, type TestApp } from '../../test/test-app';

describe('files while the database is away', () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  let server: TestApp;

  beforeEach(async () => {
    database = await createTestDatabase();
    proxy = await DatabaseProxy.start(database.url);
    server = await startTestApp({}, { database: { ...database, url: proxy.url } });
  });

  afterEach(async () => {
    await server.close();
    await proxy.stop();
  });

  it('should answer 503 with Retry-After, tell nothing of the inside, and go on by itself', async () => {
    const file = await upload(server, { name: 'kept.txt', content: 'kept' });
    const calls = [
      '/api/v1/files/list',
      `/api/v1/files/${file.id}/download`,
      '/api/v1/tags',
      '/api/v1/events?after=0',
    ];
    proxy.cut();

    for (const call of calls) {
      const response = await fetch(server.url + call);
      expect(response.status).toBe(503);
      expect(response.headers.get('retry-after')).toBe('5');
      const problem = await readProblem(response);
      expect(problem.code).toBe('database.unavailable');
      expect(JSON.stringify(problem)).not.toMatch(/127\.0\.0\.1|select|postgres|ECONN|\n\s+at /i);
    }
    expect((await fetch(`${server.url}/health/live`)).status).toBe(200);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(503);

    proxy.mend();
    await eventually(async () =>
      expect((await fetch(`${server.url}/health/ready`)).status).toBe(200),
    );
    expect(await (await fetch(`${server.url}/api/v1/files/${file.id}/download`)).text()).toBe(
      'kept',
    );
  });

  it('should keep nothing of an upload that it could not enter', async () => {
    proxy.cut();
    const response = await postUpload(server, { name: 'refused.txt' });

    expect((await readProblem(response)).code).toBe('database.unavailable');
    expect(await readdir(path.join(server.filesFolder, '.homeserver', 'staging'))).toEqual([]);
    expect(await readdir(server.filesFolder)).toEqual(['.homeserver']);
  });

  it('should publish what happened when the database is back', async () => {
    await upload(server, { name: 'first.txt' });
    proxy.cut();
    proxy.mend();
    await eventually(async () => upload(server, { name: 'second.txt' }));

    await eventually(async () => {
      const { items } = await read(server, '/api/v1/events?after=0', eventPageSchema);
      expect(filenamesOf(items)).toEqual(['first.txt', 'second.txt']);
    });
  });
});
