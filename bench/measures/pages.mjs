/** A page of 100 entries out of few and out of many. */
import { Client } from 'pg';

import { databaseUrl } from '../contenders/homeserver.mjs';
import { interleave } from '../rounds.mjs';

const FEW = 1000;
const MANY = 100_000;
const REQUESTS = 50;
/** The peer answers with every row: few requests are enough to see what that means. */
const REQUESTS_OF_ALL = 3;

const INSERT_ENTRIES = `
  insert into file_metadata (id, drive_id, parent_id, kind, filename, sort_key, folded_name, content_type, size, storage_path,
    sha256, upload_date, modified_at, state)
  select gen_random_uuid(), d.id, d.root_folder_id, 'file', f.name, f.name, f.name, 'image/jpeg', n, f.name,
    decode(repeat('00', 32), 'hex'), now(), now(), 'live'
  from drives d, generate_series(1::int, $1::int) n, lateral (select 'picture-' || lpad(n::text, 8, '0') || '.jpg' as name) f
  where d.is_default`;
const INSERT_ORIGINAL = `
  insert into file_metadata (id, filename, content_type, size, storage_path, upload_date, tags)
  select gen_random_uuid(), 'picture-' || n || '.jpg', 'image/jpeg', n, '/picture-' || n, now(), '{}' from generate_series(1::int, $1::int) n`;

async function execute(url, statement, parameters) {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement, parameters);
    await client.query('vacuum analyze file_metadata');
  } finally {
    await client.end();
  }
}

/** @returns milliseconds of a request, of the server's CPU and of the database's */
async function ask({ tree, databaseTree, headers }, urls) {
  const cpuBefore = tree.cpuSeconds;
  const databaseBefore = databaseTree.cpuSeconds;
  const startedAt = performance.now();
  for (const url of urls) {
    const response = await fetch(url, { headers });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    await response.arrayBuffer();
  }
  const each = (value) => value / urls.length;
  return {
    'ms/page': each(performance.now() - startedAt),
    'CPU ms/page': each((tree.cpuSeconds - cpuBefore) * 1000),
    'database CPU ms/page': each((databaseTree.cpuSeconds - databaseBefore) * 1000),
  };
}

/** The first page, and one from the middle of the list. */
async function pagesOf({ url, headers }) {
  const drives = await (await fetch(`${url}/api/v1/drives`, { headers })).json();
  const list = `${url}/api/v1/files/list?driveId=${drives.items[0].id}`;
  const first = await (await fetch(`${list}&limit=500`, { headers })).json();
  return [`${list}&limit=100`, `${list}&limit=100&cursor=${first.nextCursor}`];
}

export const pages = {
  name: 'page',
  title: 'A page of 100 out of 1,000 and out of 100,000 entries (FastAPI: all rows)',
  contenders: (all) => [all.homeserver, all.original],
  ownFolders: true,
  goals: [
    {
      contender: `HomeServer, of ${MANY}`,
      key: 'ms/page',
      atMostTimes: 1.5,
      of: `HomeServer, of ${FEW}`,
    },
  ],

  async measure(servers, { rounds, onProgress, startAnother }) {
    const works = [];
    for (const { name, server, contender } of servers) {
      const sizes = [
        [FEW, server],
        [MANY, await startAnother(contender)],
      ];
      for (const [count, running] of sizes) {
        const isPeer = name !== 'HomeServer';
        await execute(
          running.databaseUrl ?? databaseUrl(running),
          isPeer ? INSERT_ORIGINAL : INSERT_ENTRIES,
          [count],
        );
        const list = isPeer ? [`${running.url}/api/files/list`] : await pagesOf(running);
        const times = isPeer ? REQUESTS_OF_ALL : REQUESTS;
        const urls = Array.from({ length: times }, () => list).flat();
        await ask(running, list); // prepared statements, caches
        works.push({ name: `${name}, of ${count}`, run: () => ask(running, urls) });
      }
    }
    return interleave(works, rounds, onProgress);
  },
};
