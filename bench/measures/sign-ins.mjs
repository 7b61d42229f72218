/** A hundred people who sign in at once, and what that does to everybody else. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { homeserver } from '../contenders/homeserver.mjs';
import { post } from '../contenders/sign-in.mjs';
import { interleave, percentile } from '../rounds.mjs';

const PEOPLE = 100;
const IDLE_SECONDS = 3;
const ASK_EVERY_MS = 2;
const client = path.join(import.meta.dirname, '..', 'clients', 'sign-ins.mjs');

export const signIns = {
  name: 'sign-in',
  title: `${PEOPLE} sign-ins at once, while /health/live is asked`,
  contenders: () => [],
  goals: [{ contender: `HomeServer, ${PEOPLE} sign-ins`, key: 'live p99 ms', atMost: 50 }],

  async measure(_, { folder, rounds, onProgress }) {
    // So that the client may say for each person where they are.
    const server = await homeserver.start(folder, { TRUST_PROXY: 'loopback' });
    try {
      const people = await invite(server);
      return await interleave(
        [
          {
            name: 'HomeServer, idle',
            run: () => askWhile(server, () => delay(IDLE_SECONDS * 1000)),
          },
          { name: `HomeServer, ${PEOPLE} sign-ins`, run: () => signInAll(server, people) },
        ],
        rounds,
        onProgress,
      );
    } finally {
      await server.stop();
    }
  },
};

async function invite({ url, headers }) {
  const people = Array.from({ length: PEOPLE }, (_, index) => ({
    username: `person-${index}`,
    password: `nine herons over harbour ${index}`,
  }));
  for (const person of people) await post(`${url}/api/v1/users`, headers, person);
  return people;
}

async function signInAll(server, people) {
  const { tree, databaseTree, url } = server;
  const settings = JSON.stringify({ url, people });
  const child = spawn(process.execPath, [client, settings], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += chunk.toString('utf8')));
  const closed = once(child, 'close');
  await once(child.stdout, 'data');
  const before = { server: tree.cpuSeconds, database: databaseTree.cpuSeconds };
  const live = await askWhile(server, () => closed);
  const [code] = await closed;
  if (code !== 0) throw new Error('The sign-ins failed.');
  const { seconds } = JSON.parse(printed.split('\n')[1]);
  const each = (cpuSeconds) => (cpuSeconds * 1000) / people.length;
  return {
    ...live,
    'sign-ins/s': people.length / seconds,
    'CPU ms/sign-in': each(tree.cpuSeconds - before.server),
    'database CPU ms/sign-in': each(databaseTree.cpuSeconds - before.database),
  };
}

/** Asks again and again until `work` is over. @returns what an answer took, in milliseconds */
async function askWhile({ url }, work) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const times = [];
  let isOver = false;
  const over = work().then(() => (isOver = true));
  while (!isOver) {
    const askedAt = performance.now();
    await askLive(url, agent);
    times.push(performance.now() - askedAt);
    await delay(ASK_EVERY_MS);
  }
  await over;
  agent.destroy();
  return { 'live p50 ms': percentile(times, 0.5), 'live p99 ms': percentile(times, 0.99) };
}

function askLive(url, agent) {
  return new Promise((resolve, reject) => {
    const sent = request(new URL('/health/live', url), { agent }, (response) => {
      response.resume();
      response.once('end', resolve);
    });
    sent.once('error', reject);
    sent.end();
  });
}
