import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { pino } from 'pino';

import { readConfig } from './platform/config/config';
import { Server, StartError } from './server';

const root = path.resolve(import.meta.dirname, '..', '..', '..');

describe('the start of the server', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'homeserver-start-'));
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('should say how to build the web app, and make nothing, when it is not built', async () => {
    const dataDir = path.join(folder, 'data');
    const config = {
      ...readConfig({ DATA_DIR: dataDir }, root),
      webRoot: path.join(folder, 'web'),
    };
    const start = Server.start(config, pino({ level: 'silent' }), new AbortController().signal);

    await expect(start).rejects.toThrow(StartError);
    await expect(start).rejects.toThrow(
      `The web app is not built: there is no ${path.join(folder, 'web', 'index.html')}. Start HomeServer by “npm start”, which builds it.`,
    );
    expect(existsSync(dataDir)).toBe(false);
  });
});
