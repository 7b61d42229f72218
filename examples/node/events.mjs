// What happens to files, from a position on: node events.mjs AFTER [COUNT]
//   AFTER  the id of the last event that you have; 0 from the oldest kept
//   COUNT  ends after so many events; without it, goes on for ever
import { setTimeout as delay } from 'node:timers/promises';

const server = process.env.HOMESERVER ?? 'http://localhost:8000';
let [after = '0', count = Infinity] = process.argv.slice(2);

/** Prints events until the connection ends. Resolves to the code that it was closed with. */
function follow() {
  const query = new URLSearchParams({ types: 'homeserver.file.*', after });
  const socket = new WebSocket(`${server.replace(/^http/, 'ws')}/api/v1/events/ws?${query}`);
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
  // 1006 also stands for a refusal: the list says why, for instance that AFTER is no longer kept.
  const response = await fetch(`${server}/api/v1/events?after=${after}&limit=1`).catch(() => null);
  if (response?.status === 410) throw new Error((await response.json()).detail);
  console.error(`The connection ended (${code}); trying again.`);
  await delay(2000);
}
