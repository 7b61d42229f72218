import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createEmptyDatabase } from '../../../test/test-database';
import { ConfigError } from '../config/config-error';
import { DataDirLock } from './data-dir-lock';
import { withDatabase } from './operator-database';

const unreached = () => Promise.reject(new Error('A database was opened.'));

describe('the database of an operator’s command', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(path.join(tmpdir(), 'homeserver-test-operator-'));
  });

  afterEach(async () => {
    await rm(dataDir, { recursive: true, force: true });
  });

  it('should be none at all when the server that runs has another than the embedded one', async () => {
    const lock = await DataDirLock.acquire(dataDir, 'http://localhost:8000');
    try {
      const opening = withDatabase({ databaseUrl: null, dataDir, port: 8000 }, unreached);

      await expect(opening).rejects.toThrow(ConfigError);
      await expect(opening).rejects.toThrow(/DATABASE_URL/);
    } finally {
      lock.release();
    }
  });

  it('should not be one in which HomeServer was never started', async () => {
    const database = await createEmptyDatabase();
    try {
      const opening = withDatabase({ databaseUrl: database.url, dataDir, port: 8000 }, unreached);

      await expect(opening).rejects.toThrow(/^DATABASE_URL is a database .* never/);
    } finally {
      await database.drop();
    }
  });
});
