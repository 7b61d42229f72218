/** From the command to the first answer. */
import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { homeserver } from '../contenders/homeserver.mjs';
import { interleave } from '../rounds.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');

export const start = {
  name: 'start',
  title: 'Start, until it is ready (warm: on the data of an earlier start)',
  contenders: () => [],
  goals: [{ contender: 'npm start, warm', key: 'seconds', atMost: 4 }],

  async measure(_, { folder, rounds, onProgress, original }) {
    const warm = path.join(folder, 'warm');
    await (await homeserver.start(warm)).stop();
    const works = [
      { name: 'npm start, warm', run: () => startByNpm(path.join(warm, 'homeserver')) },
      { name: 'the server itself, warm', run: () => startAlone(homeserver, warm) },
      {
        name: 'the server itself, with a new DATA_DIR',
        run: async () => {
          const fresh = path.join(folder, 'fresh');
          const result = await startAlone(homeserver, fresh);
          rmSync(fresh, { recursive: true });
          return result;
        },
      },
    ];
    if (original !== null) {
      works.push({
        name: 'FastAPI, its database being up',
        run: async () => {
          const server = await original.start(path.join(folder, 'of-fastapi'));
          await server.stop();
          rmSync(path.join(folder, 'of-fastapi'), { recursive: true });
          return { seconds: server.startSeconds };
        },
      });
    }
    return interleave(works, rounds, onProgress);
  },
};

async function startAlone(contender, folder) {
  const server = await contender.start(folder);
  await server.stop();
  return { seconds: server.startSeconds };
}

async function startByNpm(dataDir) {
  const startedAt = performance.now();
  const child = spawn('npm', ['start'], {
    cwd: root,
    env: { ...process.env, HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  await new Promise((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      printed += chunk.toString('utf8');
      if (printed.includes('is ready at')) resolve();
    });
    child.once('exit', () => reject(new Error(`npm start ended:\n${printed}`)));
  });
  const seconds = (performance.now() - startedAt) / 1000;
  child.kill('SIGTERM');
  // npm goes at once; what it started lets go of DATA_DIR when it has ended.
  while (existsSync(path.join(dataDir, 'homeserver.lock'))) await delay(100);
  return { seconds };
}
