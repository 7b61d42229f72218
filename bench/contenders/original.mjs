/** A service in the manner of the original: Debian's FastAPI, uvicorn, SQLAlchemy, asyncpg, aiofiles. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';

import { Client } from 'pg';

import { run, startServer } from '../children.mjs';
import { ProcessTree } from '../process-tree.mjs';
import { freePort } from './free-port.mjs';
import { databaseUrl, homeserver } from './homeserver.mjs';

const PYTHON = '/usr/bin/python3';
const MODULES = 'fastapi, uvicorn, sqlalchemy, asyncpg, aiofiles, multipart, psutil, websockets';

export const original = {
  name: 'FastAPI',

  async whyNot() {
    try {
      await run(PYTHON, ['-c', `import ${MODULES}`]);
      return null;
    } catch {
      return `${PYTHON} does not have all of ${MODULES}`;
    }
  },

  /**
   * Its database is another one in the PostgreSQL that an idle HomeServer has for itself.
   * @param environment beside what it reads by default
   */
  async start(folder, environment = {}) {
    const host = await homeserver.start(path.join(folder, 'database-of-fastapi'));
    const url = new URL(databaseUrl(host));
    const client = new Client({ connectionString: url.href });
    await client.connect();
    await client.query('create database original');
    await client.end();
    url.pathname = '/original';
    const files = path.join(folder, 'fastapi');
    mkdirSync(files, { recursive: true });
    const port = await freePort();
    const startedAt = performance.now();
    const { child, stop } = await startServer(
      PYTHON,
      [
        '-m',
        'uvicorn',
        'service:app',
        '--host',
        '127.0.0.1',
        '--port',
        String(port),
        '--log-level',
        'warning',
      ],
      {
        cwd: path.join(import.meta.dirname, 'original'),
        port,
        env: {
          ...process.env,
          PYTHONDONTWRITEBYTECODE: '1',
          FILES_FOLDER: files,
          TMPDIR: folder,
          DATABASE_URL: url.href
            .replace('postgres://', 'postgresql+asyncpg://')
            .replace('?sslmode=disable', ''),
          ...environment,
        },
      },
    );
    const address = `http://127.0.0.1:${port}`;
    return {
      url: address,
      startSeconds: (performance.now() - startedAt) / 1000,
      databaseUrl: url.href,
      tree: new ProcessTree(child.pid),
      databaseTree: host.databaseTree,
      metricsPath: '/api/monitoring/ws',
      async stop() {
        await stop();
        await host.stop();
      },
      async upload(file) {
        const answer = await run('curl', [
          '-sS',
          '--fail',
          '-F',
          `file=@${file}`,
          `${address}/api/files/upload`,
        ]);
        const { id } = JSON.parse(answer);
        return { id, url: `${address}/api/files/${id}/download` };
      },
      async remove({ id }) {
        await run('curl', ['-sS', '--fail', '-X', 'DELETE', `${address}/api/files/${id}`]);
      },
      smallUpload: { method: 'POST', path: '/api/files/upload', body: 'multipart' },
    };
  },
};

/** The same with more connections to the database than it makes by default. */
export const originalPooled = {
  ...original,
  name: 'FastAPI, pool of 40',
  start: (parent) => original.start(path.join(parent, 'pooled'), { POOL_SIZE: '40' }),
};
