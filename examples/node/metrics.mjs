// The state of the machine, every two seconds: node metrics.mjs [COUNT]
const server = process.env.HOMESERVER ?? 'http://localhost:8000';
let [count = Infinity] = process.argv.slice(2);

const socket = new WebSocket(`${server.replace(/^http/, 'ws')}/api/v1/monitoring/ws`);
socket.addEventListener('error', ({ message }) => console.error(message));
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
