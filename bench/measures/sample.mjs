/** What one sample of the machine costs, from the kernel's files to the frame. */
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';

import { run, startServer, versionOf } from '../children.mjs';
import { homeserver } from '../contenders/homeserver.mjs';
import { interleave } from '../rounds.mjs';

/** Until the code of a sample has been compiled, as in a server that runs for days. */
const SETTLE_MS = 90_000;
const WATCH_SECONDS = 30;
/** The shortest that it takes. */
const OFTEN_MS = 250;
const SELDOM_MS = 60_000;
const SAMPLES_OF_PEER = 10;
const peer = path.join(import.meta.dirname, '..', 'clients', 'systeminformation-sample.mjs');

export const sample = {
  name: 'sample',
  title: 'One sample of the machine (peer: systeminformation)',
  contenders: () => [],
  goals: [
    { contender: 'HomeServer', key: 'CPU ms', atMost: 1 },
    { contender: 'HomeServer', key: 'programs started', atMost: 0 },
  ],

  /** The difference between a server that samples often and one that hardly ever does, so that nothing else counts. */
  async measure(_, { folder, rounds, onProgress }) {
    const often = await homeserver.start(path.join(folder, 'often'), {
      METRICS_INTERVAL_MS: String(OFTEN_MS),
    });
    const seldom = await homeserver.start(path.join(folder, 'seldom'), {
      METRICS_INTERVAL_MS: String(SELDOM_MS),
    });
    try {
      await delay(SETTLE_MS);
      const programs = await countPrograms(often.pid, path.join(folder, 'programs.trace'));
      return await interleave(
        [
          {
            name: 'HomeServer',
            run: async () => ({ ...(await compare(often, seldom)), ...programs }),
          },
          {
            name: 'systeminformation',
            run: async () =>
              JSON.parse(await run(process.execPath, [peer, String(SAMPLES_OF_PEER)])),
          },
        ],
        rounds,
        onProgress,
      );
    } finally {
      await Promise.all([often.stop(), seldom.stop()]);
    }
  },
};

async function compare(often, seldom) {
  const [oftenBefore, seldomBefore] = [often.tree.cpuSeconds, seldom.tree.cpuSeconds];
  await delay(WATCH_SECONDS * 1000);
  const used = often.tree.cpuSeconds - oftenBefore - (seldom.tree.cpuSeconds - seldomBefore);
  return { 'CPU ms': (used * 1000 * OFTEN_MS) / (WATCH_SECONDS * 1000) };
}

/** How many programs a process starts while it takes forty samples, where strace can tell. */
async function countPrograms(pid, file) {
  if ((await versionOf('strace', ['-V'])) === null) return {};
  const { stop } = await startServer(
    'strace',
    ['-f', '-e', 'trace=execve,execveat', '-o', file, '-p', String(pid)],
    {
      isReady: (line) => line.includes('attached'),
    },
  );
  await delay(40 * OFTEN_MS);
  await stop();
  const calls = (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line.includes('execve'));
  return { 'programs started': calls.length };
}
