/** A drive of HomeServer's, from its being added until it is forgotten. */
import { setTimeout as delay } from 'node:timers/promises';

import { Client } from 'pg';

import { databaseUrl } from './contenders/homeserver.mjs';
import { post } from './contenders/sign-in.mjs';

const ASK_FOR_INDEX_EVERY_MS = 20;
const ASK_FOR_JOB_EVERY_MS = 10;
const ASK_FOR_HASHES_EVERY_MS = 200;

/** @returns the answer. @throws Error when it is a refusal */
export async function get({ url, headers }, path) {
  const response = await fetch(url + path, { headers });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return response.json();
}

/** @returns its id and that of its root */
export async function addDrive({ url, headers }, place) {
  const body = { name: 'Benchmark', path: place };
  return (await post(`${url}/api/v1/drives`, headers, body)).json();
}

export async function readDrive(server, id) {
  const { items } = await get(server, '/api/v1/drives');
  return items.find((drive) => drive.id === id);
}

/** Until its first scan has come to its end. */
export async function waitUntilIndexed(server, id) {
  for (;;) {
    const { index } = await readDrive(server, id);
    if (['attention', 'failed'].includes(index.state))
      throw new Error(`The index of the drive is in state “${index.state}”.`);
    if (index.state === 'idle' && index.scannedAt !== null) return;
    await delay(ASK_FOR_INDEX_EVERY_MS);
  }
}

/** Until the hashes of all its files are known: that goes on behind whatever is measured. */
export async function waitUntilHashed(server, id) {
  const client = new Client(databaseUrl(server));
  await client.connect();
  try {
    for (;;) {
      const { rows } = await client.query(
        `select 1 from file_metadata where drive_id = $1 and kind = 'file' and nature = 'plain' and sha256 is null limit 1`,
        [id],
      );
      if (rows.length === 0) return;
      await delay(ASK_FOR_HASHES_EVERY_MS);
    }
  } finally {
    await client.end();
  }
}

/** Looks through it, and waits for the end. @param full at every file, not only into folders that have changed */
export async function scanDrive(server, id, full) {
  const asked = await post(`${server.url}/api/v1/drives/${id}/scan`, server.headers, { full });
  let job = await asked.json();
  while (['queued', 'running'].includes(job.state)) {
    await delay(ASK_FOR_JOB_EVERY_MS);
    job = await get(server, `/api/v1/jobs/${job.id}`);
  }
  if (job.state !== 'done') throw new Error(`The scan has ${job.state}: ${job.problem?.detail}`);
}

/** Forgets it, and waits until nothing of it is left: the next to be added pays for nothing of this one. */
export async function forgetDrive(server, id) {
  const { url, headers } = server;
  const response = await fetch(`${url}/api/v1/drives/${id}`, { method: 'DELETE', headers });
  if (!response.ok) throw new Error(`The drive is not forgotten: ${await response.text()}`);
  for (;;) {
    const { items } = await get(server, '/api/v1/jobs?active=1');
    if (items.length === 0) break;
    await delay(ASK_FOR_JOB_EVERY_MS);
  }
  const left = await query(
    server,
    'select count(*)::int as count from file_metadata where drive_id = $1',
    [id],
  );
  if (left[0].count > 0) throw new Error(`${left[0].count} entries of a forgotten drive are left.`);
  await query(server, 'vacuum analyze file_metadata');
}

/** Asks the database that belongs to the server. @returns the rows */
export async function query(server, statement, parameters) {
  const client = new Client({ connectionString: databaseUrl(server) });
  await client.connect();
  try {
    return (await client.query(statement, parameters)).rows;
  } finally {
    await client.end();
  }
}
