/**
 * One client that asks at a steady pace, or slower where answers take longer than that, until its input is closed.
 * Prints how long they took: `{ count, p50, p99, max }`, in milliseconds. Takes `{ url, headers, paths, everyMs }` as
 * JSON in its first argument.
 */
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

import { percentile } from '../rounds.mjs';

const { url, headers, paths, everyMs } = JSON.parse(process.argv[2]);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const times = [];

function ask(path) {
  return new Promise((resolve, reject) => {
    const askedAt = performance.now();
    const sent = request(new URL(path, url), { agent, headers }, (response) => {
      response.resume();
      response.once('end', () => {
        times.push(performance.now() - askedAt);
        if (response.statusCode === 200) resolve();
        else reject(new Error(`${path}: ${response.statusCode}`));
      });
    });
    sent.once('error', reject);
    sent.end();
  });
}

let isOver = false;
process.stdin.resume();
process.stdin.once('end', () => (isOver = true));

await ask(paths[0]); // opens the connection
times.length = 0;
for (let asked = 0; !isOver; asked += 1) {
  const dueAt = performance.now() + everyMs;
  await ask(paths[asked % paths.length]);
  await delay(Math.max(0, dueAt - performance.now()));
}
agent.destroy();
process.stdout.write(
  JSON.stringify({
    count: times.length,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    max: Math.max(...times),
  }),
);
