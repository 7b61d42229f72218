// What happens to files, from a position on: node events.mjs AFTER [COUNT]
//   AFTER  the id of the last event that you have; 0 from the oldest kept
//   COUNT  ends after so many events; without it, goes on for ever
// HOMESERVER_TOKEN is an API token with the scope events:read.
import { setTimeout as delay } from 'node:timers/promises';

const server = process.env.HOMESERVER ?? 'http://localhost:8000';
const headers = { authorization: `Bearer ${process.env.HOMESERVER_TOKEN ?? ''}` };
let [after = '0', count = Infinity] = process.argv.slice(2);

/** Prints events until the connection ends. Resolves to the code that it was closed with. */
function follow() {
  const query = new URLSearchParams({ types: 'homeserver.file.*', after });
  const address = `${server.replace(/^http/, 'ws')}/api/v1/events/ws?${query}`;
  // Node.js takes headers here; a browser has the cookie of its session instead.
  const socket = new WebSocket(address, { headers });
  return new Promise((resolve) => {
    socket.addEventListener('close', ({ code }) => resolve(code));
    socket.addEventListener('message', ({ data }) => {
      if (count === 0) return;
      const { id, type, data: what } = JSON.parse(data);
      console.log(id, type, what.file.filename);
      after = id; // a program that is started again goes on from here: keep it
      count -= 1;
      if (count === 0) socket.close();
    });
  });
}

while (count > 0) {
  const code = await follow();
  if (count === 0) break;
  // 1006 also stands for a refusal, and 4401 for a token that has ended: the list says why, for instance
  // that AFTER is no longer kept (410).
  const list = `${server}/api/v1/events?after=${after}&limit=1`;
  const response = await fetch(list, { headers }).catch(() => null);
  if ([401, 403, 410].includes(response?.status)) throw new Error((await response.json()).detail);
  console.error(`The connection ended (${code}); trying again.`);
  await delay(2000);
}
