/**
 * Opens many sockets, listens for a while, and prints what came: `{ frames, gapsMs: { p50, p99 } }`.
 * Takes `{ url, headers, clients, seconds }` as JSON in its first argument.
 */
import { setTimeout as delay } from 'node:timers/promises';

import WebSocket from 'ws';

import { percentile } from '../rounds.mjs';

const CONNECTED_AT_ONCE = 50;
const { url, headers, clients, seconds } = JSON.parse(process.argv[2]);
const sockets = [];
const gapsMs = [];
let frames = 0;
let isMeasuring = false;

function open() {
  return new Promise((resolve, reject) => {
    const socket = new WebSocket(url, { headers, perMessageDeflate: false });
    let lastAt = null;
    socket.on('message', () => {
      const now = performance.now();
      if (isMeasuring) {
        frames += 1;
        if (lastAt !== null) gapsMs.push(now - lastAt);
      }
      lastAt = now;
    });
    socket.once('open', () => resolve(socket));
    socket.once('error', reject);
  });
}

while (sockets.length < clients) {
  const count = Math.min(CONNECTED_AT_ONCE, clients - sockets.length);
  sockets.push(...(await Promise.all(Array.from({ length: count }, open))));
}
await delay(3000);
process.stdout.write('begin\n');
isMeasuring = true;
const startedAt = performance.now();
await delay(seconds * 1000);
isMeasuring = false;
const measuredSeconds = (performance.now() - startedAt) / 1000;
process.stdout.write(
  `${JSON.stringify({ frames, measuredSeconds, p50: percentile(gapsMs, 0.5), p99: percentile(gapsMs, 0.99) })}\n`,
);
process.exit(0);
