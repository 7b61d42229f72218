/** What the server costs while nobody asks for anything. */
import { setTimeout as delay } from 'node:timers/promises';

import { interleave } from '../rounds.mjs';
import { watchCpu } from './watch-cpu.mjs';

const MIB = 1024 * 1024;
const SETTLE_MS = 20_000;
const WATCH_SECONDS = 20;

export const idle = {
  name: 'idle',
  title: 'An idle server',
  contenders: (all) => [all.homeserver, all.nginx, all.original],
  goals: [
    { contender: 'HomeServer', key: 'CPU % of a core', atMost: 0.5 },
    { contender: 'HomeServer', key: 'resident MiB', atMost: 120 },
  ],

  async measure(servers, { rounds, onProgress }) {
    await delay(SETTLE_MS);
    return interleave(
      servers.map(({ name, server }) => ({
        name,
        run: async () => {
          const figures = await watchCpu(server, WATCH_SECONDS);
          return { ...figures, 'resident MiB': server.tree.residentBytes / MIB };
        },
      })),
      rounds,
      onProgress,
    );
  },
};
