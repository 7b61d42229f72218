/** The product, as `npm start` runs it, on a DATA_DIR of its own. */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { run, startServer } from '../children.mjs';
import { SERVER_ENVIRONMENT } from '../../tools/launcher/server-environment.mjs';
import { ProcessTree } from '../process-tree.mjs';
import { ADMINISTRATOR, curlHeaders, signIn } from './sign-in.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
const ARGS = [path.join(root, 'dist', 'apps', 'api', 'main.mjs')];
const READY = /is ready at (http:\/\/localhost:\d+)/;

export const homeserver = {
  name: 'HomeServer',
  whyNot: async () => null,

  /** @param environment beside what the product reads by default */
  async start(folder, environment = {}) {
    const dataDir = path.join(folder, 'homeserver');
    mkdirSync(dataDir, { recursive: true });
    const startedAt = performance.now();
    const { url, child, stop } = await startIn(dataDir, environment);
    const startSeconds = (performance.now() - startedAt) / 1000;
    const headers = await signIn(url);
    const curl = (...args) => run('curl', ['-sS', ...curlHeaders(headers), ...args]);
    return {
      url,
      headers,
      dataDir,
      startSeconds,
      pid: child.pid,
      tree: new ProcessTree(child.pid),
      databaseTree: new ProcessTree(child.pid, 'database'),
      metricsPath: '/api/v1/monitoring/ws',
      stop,

      /** @returns what `download` and `remove` take */
      async upload(file) {
        const target = `${url}/api/v1/files/upload`;
        const answer = await curl('--fail-with-body', '-F', `file=@${file}`, target);
        const { id, sha256 } = JSON.parse(answer);
        return { id, sha256, url: `${url}/api/v1/files/${id}/download` };
      },
      async remove({ id }) {
        await curl('--fail', '-X', 'DELETE', `${url}/api/v1/files/${id}?permanent=1`);
      },
      smallUpload: { method: 'POST', path: '/api/v1/files/upload', body: 'multipart' },
    };
  },
};

/** Starts the program, and waits until it says where it is. */
async function startIn(dataDir, environment) {
  let url = '';
  const running = await startServer(process.execPath, ARGS, {
    cwd: root,
    env: {
      ...process.env,
      ...SERVER_ENVIRONMENT,
      HOST: '127.0.0.1',
      PORT: '0',
      DATA_DIR: dataDir,
      ADMIN_USERNAME: ADMINISTRATOR.username,
      ADMIN_PASSWORD: ADMINISTRATOR.password,
      ...environment,
    },
    isReady: (line) => {
      url = READY.exec(line)?.[1].replace('localhost', '127.0.0.1') ?? url;
      return url !== '';
    },
  });
  return { url, ...running };
}

/** Of the database that a running product has for itself. */
export function databaseUrl({ dataDir }) {
  const password = readFileSync(path.join(dataDir, 'postgres-password'), 'utf8').trim();
  const port = readFileSync(path.join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split(
    '\n',
  )[3];
  return `postgres://homeserver:${password}@127.0.0.1:${port}/homeserver?sslmode=disable`;
}
