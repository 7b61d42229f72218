/** A start on what a crash left in its middle: uploads, moves, deletions, and bytes that nothing knows of. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { homeserver } from '../contenders/homeserver.mjs';
import { countLeftovers, layLeftovers } from '../leftovers.mjs';
import { interleave } from '../rounds.mjs';

const LEFTOVERS = 10_000;
const NAME = `HomeServer, on ${LEFTOVERS} leftovers`;

export const recovery = {
  name: 'recovery',
  title: 'Start after a crash, until it is ready',
  contenders: () => [],
  goals: [
    { contender: NAME, key: 'seconds', atMost: 10 },
    { contender: NAME, key: 'left', atMost: 0 },
  ],

  async measure(_, { folder, rounds, files = LEFTOVERS, onProgress }) {
    const work = { name: NAME, run: () => recover(path.join(folder, 'crashed'), files) };
    return interleave([work], rounds, onProgress);
  },
};

async function recover(folder, count) {
  mkdirSync(folder, { recursive: true });
  const crashed = await homeserver.start(folder);
  await layLeftovers(crashed, count);
  process.kill(crashed.pid, 'SIGKILL');
  await crashed.stop();
  const server = await homeserver.start(folder);
  const unfinished = await countLeftovers(server);
  await server.stop();
  rmSync(folder, { recursive: true });
  return { seconds: server.startSeconds, left: unfinished };
}
