// The state of the machine, every two seconds: node metrics.mjs [COUNT]
// HOMESERVER_TOKEN is an API token with the scope monitoring:read.
const server = process.env.HOMESERVER ?? 'http://localhost:8000';
const headers = { authorization: `Bearer ${process.env.HOMESERVER_TOKEN ?? ''}` };
let [count = Infinity] = process.argv.slice(2);

// Node.js takes headers here; a browser has the cookie of its session instead.
const address = `${server.replace(/^http/, 'ws')}/api/v1/monitoring/ws`;
const socket = new WebSocket(address, { headers });
socket.addEventListener('error', async ({ message }) => {
  // Why a socket was refused is told by the same question without one.
  const response = await fetch(`${server}/api/v1/monitoring/dashboard`, { headers });
  console.error(response.ok ? message : (await response.json()).detail);
  process.exitCode = 1;
});
socket.addEventListener('message', ({ data }) => {
  if (count === 0) return;
  const { timestamp, system, storage } = JSON.parse(data);
  // What the machine cannot tell is null, never 0; so is the storage until the database has answered.
  const cpu = system.cpu.usagePercent ?? '?';
  const memory = system.memory.usagePercent ?? '?';
  console.log(
    timestamp,
    `cpu ${cpu} %`,
    `memory ${memory} %`,
    `${storage?.fileCount ?? '?'} files`,
  );
  count -= 1;
  if (count === 0) socket.close();
});
