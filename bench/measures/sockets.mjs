/** Sockets that all get one frame every two seconds. */
import path from 'node:path';
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { interleave } from '../rounds.mjs';

const CLIENTS = 1000;
/** With more, the peer answers none of them in time. */
const CLIENTS_OF_PEER = 100;
const SECONDS = 20;
const INTERVAL_SECONDS = 2;
const MIB = 1024 * 1024;
const client = path.join(import.meta.dirname, '..', 'clients', 'sockets.mjs');

async function listen({ url, headers, metricsPath, tree, databaseTree }, clients) {
  const address = `${url.replace('http', 'ws')}${metricsPath}`;
  const settings = { url: address, headers, clients, seconds: SECONDS };
  const child = spawn(process.execPath, [client, JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let cpuBefore = 0;
  let databaseBefore = 0;
  let printed = '';
  child.stdout.on('data', (chunk) => {
    if (printed === '') {
      cpuBefore = tree.cpuSeconds;
      databaseBefore = databaseTree.cpuSeconds;
    }
    printed += chunk.toString('utf8');
  });
  const [code] = await once(child, 'close');
  if (code !== 0) throw new Error('The clients of the sockets failed.');
  const { frames, measuredSeconds, p50, p99 } = JSON.parse(printed.split('\n')[1]);
  const percent = (cpuSeconds) => (cpuSeconds / measuredSeconds) * 100;
  return {
    'frames %': (frames / (clients * (measuredSeconds / INTERVAL_SECONDS))) * 100,
    'gap p50 s': p50 / 1000,
    'gap p99 s': p99 / 1000,
    'CPU % of a core': percent(tree.cpuSeconds - cpuBefore),
    'database CPU %': percent(databaseTree.cpuSeconds - databaseBefore),
    'resident MiB': tree.residentBytes / MIB,
  };
}

export const sockets = {
  name: 'sockets',
  title: `${CLIENTS} sockets with live metrics (FastAPI: ${CLIENTS_OF_PEER})`,
  contenders: (all) => [all.homeserver, all.original],
  goals: [
    { contender: 'HomeServer', key: 'frames %', atLeast: 99 },
    { contender: 'HomeServer', key: 'gap p99 s', atMost: 2.1 },
    { contender: 'HomeServer', key: 'CPU % of a core', atMost: 3 },
  ],

  measure: (servers, { rounds, onProgress }) =>
    interleave(
      servers.map(({ name, server }) => ({
        name,
        run: () => listen(server, name === 'HomeServer' ? CLIENTS : CLIENTS_OF_PEER),
      })),
      rounds,
      onProgress,
    ),
};
