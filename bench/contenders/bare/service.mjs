/**
 * The least that Node.js can do of an upload or a download with the same promise: SHA-256, synced bytes, a committed
 * row. One table without an index beside its key, no users, no checks, no names. Shows what the runtime gives on a
 * machine.
 * Takes `{ port, files, databaseUrl }` as JSON in its first argument.
 */
import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';

import pg from 'pg';

const { port, files, databaseUrl } = JSON.parse(process.argv[2]);
const BUFFER_BYTES = 1024 * 1024;
const SYNC_BYTES = 64 * 1024 * 1024;
const SMALL_BYTES = 64 * 1024;
const END_OF_LINES = Buffer.from('\r\n\r\n');

const pool = new pg.Pool({ connectionString: databaseUrl, max: 16 });
await pool.query(
  'create table bare (id uuid primary key, bytes bigint not null, sha256 text not null)',
);
const INSERT = { name: 'insert', text: 'insert into bare values ($1, $2, $3)' };
const SELECT = { name: 'select', text: 'select bytes from bare where id = $1' };

const place = (id) => path.join(files, id);
const freeBuffers = [];

/** A form with one file. Its last boundary is cut off at the end, so that what came is written as it came. */
async function upload(request, response) {
  const boundary = /boundary=(.+)$/.exec(request.headers['content-type'])[1];
  const tailBytes = Buffer.byteLength(`\r\n--${boundary}--\r\n`);
  const total = Number(request.headers['content-length']);
  const id = randomUUID();
  const file = await open(`${place(id)}.part`, 'w');
  const hash = createHash('sha256');
  let seen = 0;
  let written = 0;
  let synced = 0;
  let syncing = Promise.resolve();
  for await (const chunk of request) {
    const headBytes = seen === 0 ? chunk.indexOf(END_OF_LINES) + END_OF_LINES.length : 0;
    const part = chunk.subarray(headBytes, Math.max(headBytes, total - tailBytes - seen));
    seen += chunk.length;
    hash.update(part);
    await file.write(part);
    written += part.length;
    if (written - synced < SYNC_BYTES) continue;
    await syncing;
    syncing = file.datasync();
    synced = written;
  }
  await syncing;
  await file.sync();
  await file.close();
  await rename(`${place(id)}.part`, place(id));
  await syncFolder();
  const sha256 = hash.digest('hex');
  await pool.query({ ...INSERT, values: [id, written, sha256] });
  const body = JSON.stringify({ id, sha256 });
  response.writeHead(201, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

let folderSync = null;

/** Whoever comes while it is synced waits for the next one, together with the others. */
async function syncFolder() {
  if (folderSync?.isWaiting !== true) {
    const before = folderSync?.done;
    const next = { isWaiting: true, done: null };
    next.done = (async () => {
      await before;
      next.isWaiting = false;
      const folder = await open(files, 'r');
      await folder.sync();
      await folder.close();
    })();
    folderSync = next;
  }
  await folderSync.done;
}

async function download(id, response) {
  const { rows } = await pool.query({ ...SELECT, values: [id] });
  const size = Number(rows[0].bytes);
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': size });
  if (size <= SMALL_BYTES) {
    response.end(await readFile(place(id)));
    return;
  }
  const file = await open(place(id), 'r');
  const buffers = [0, 1].map(() => freeBuffers.pop() ?? Buffer.allocUnsafe(BUFFER_BYTES));
  let offset = 0;
  let reading = file.read(buffers[0], 0, BUFFER_BYTES, 0);
  let writing = Promise.resolve();
  for (let index = 0; offset < size; index = 1 - index) {
    const { bytesRead } = await reading;
    offset += bytesRead;
    const part = buffers[index].subarray(0, bytesRead);
    const before = writing;
    writing = new Promise((resolve) => response.write(part, resolve));
    await before;
    if (offset < size) reading = file.read(buffers[1 - index], 0, BUFFER_BYTES, offset);
  }
  await writing;
  response.end();
  freeBuffers.push(...buffers);
  await file.close();
}

createServer((request, response) => {
  const answer =
    request.method === 'POST'
      ? upload(request, response)
      : download(request.url.split('/')[1], response);
  answer.catch((error) => {
    process.stderr.write(`${error.stack}\n`);
    response.destroy();
  });
}).listen(port, '127.0.0.1');
