/** What a crash leaves of writes under way: rows in their middle, and the bytes of each where they lay then. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { link, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { Client } from 'pg';

import { databaseUrl } from './contenders/homeserver.mjs';

const FOLDERS = 20;
const ROWS_AT_ONCE = 1000;
const FILE_BYTES = 1024;

/** One of ten is each of these; half of all were being uploaded. */
const KINDS = [
  'staged',
  'staged',
  'staged',
  'staged',
  'staged',
  'named',
  'moving',
  'trashing',
  'deleting',
  'forgotten',
];

/** @returns how many rows are in the middle of a write. To be called on a server that is killed right after it. */
export async function layLeftovers(server, count) {
  const client = new Client({ connectionString: databaseUrl(server) });
  await client.connect();
  try {
    const drive = await readDefaultDrive(client);
    const root = path.join(server.dataDir, 'files');
    const folders = await makeFolders(client, drive, root);
    const rows = [];
    for (let number = 0; number < count; number += 1)
      rows.push(await layOne(drive, root, folders[number % FOLDERS], number));
    const unfinished = rows.filter((row) => row !== null);
    for (let first = 0; first < unfinished.length; first += ROWS_AT_ONCE)
      await insert(client, unfinished.slice(first, first + ROWS_AT_ONCE));
    for (const { lay } of unfinished) await lay();
    await countFiles(client);
    await client.query('analyze file_metadata');
    const holder = (await readFile(path.join(server.dataDir, 'instance-id'), 'utf8')).trim();
    await client.query(
      `update file_metadata set lease_holder = $1 where lease_holder is not null`,
      [holder],
    );
    return unfinished.length;
  } finally {
    await client.end();
  }
}

/** How many writes are still in their middle. */
export async function countLeftovers(server) {
  const client = new Client({ connectionString: databaseUrl(server) });
  await client.connect();
  try {
    const { rows } = await client.query(
      `select count(*)::int as count from file_metadata where lease_holder is not null`,
    );
    return rows[0].count;
  } finally {
    await client.end();
  }
}

async function readDefaultDrive(client) {
  const { rows } = await client.query(
    `select d.id, d.root_folder_id as "rootId", t.id as "trashId" from drives d
     join file_metadata t on t.drive_id = d.id and t.state = 'trash' where d.is_default`,
  );
  return rows[0];
}

async function makeFolders(client, { id: driveId, rootId }, root) {
  const folders = [];
  for (let number = 0; number < FOLDERS; number += 1) {
    const folder = { id: randomUUID(), name: `folder ${number}` };
    await client.query(
      `insert into file_metadata (id, drive_id, parent_id, kind, filename, sort_key, folded_name, size, child_count,
         file_count, folder_count, upload_date, modified_at, state)
       values ($1, $2, $3, 'folder', $4, $4, $4, 0, 0, 0, 0, now(), now(), 'live')`,
      [folder.id, driveId, rootId, folder.name],
    );
    await mkdir(path.join(root, folder.name));
    folders.push(folder);
  }
  return folders;
}

/** What is being moved or deleted had been counted when it came; without that the totals would fall below nothing. */
async function countFiles(client) {
  await client.query(
    `insert into folder_totals_changes (drive_id, folder_id, child_count, file_count, folder_count, total_bytes)
     select drive_id, coalesce(source_parent_id, parent_id), count(*), count(*), 0, sum(size) from file_metadata
     where state in ('moving', 'deleting') group by 1, 2`,
  );
}

/** null: bytes that were staged, and whose row was never written. */
async function layOne(drive, root, folder, number) {
  const kind = KINDS[number % KINDS.length];
  const id = randomUUID();
  const content = randomBytes(FILE_BYTES);
  const staged = path.join(root, '.homeserver', 'staging', id);
  const name = `file ${number}.bin`;
  if (['staged', 'named', 'forgotten'].includes(kind)) await writeFile(staged, content);
  if (kind === 'forgotten') return null;
  const isCommitting = kind === 'staged' || kind === 'named';
  return {
    id,
    driveId: drive.id,
    parentId: kind === 'trashing' ? drive.trashId : folder.id,
    filename: kind === 'trashing' ? id : name,
    sha256: createHash('sha256').update(content).digest(),
    inode: isCommitting ? String((await stat(staged, { bigint: true })).ino) : null,
    state: isCommitting ? 'committing' : kind === 'deleting' ? 'deleting' : 'moving',
    stagedName: isCommitting ? id : null,
    sourceFilename: kind === 'moving' ? `before ${name}` : kind === 'trashing' ? name : null,
    sourceParentId: ['moving', 'trashing'].includes(kind) ? folder.id : null,
    trashId: kind === 'trashing' ? id : null,
    from:
      kind === 'trashing' ? { parentId: folder.id, filename: name, folderPath: folder.name } : null,
    // Only when the row is there: the index would take it for a file that came.
    lay: async () => {
      const before = path.join(root, folder.name, kind === 'moving' ? `before ${name}` : name);
      if (kind === 'named') await link(staged, before);
      else if (!isCommitting) await writeFile(before, content);
    },
  };
}

/** Under a lease of somebody who is not there, and for long: nobody takes them up before the crash. */
async function insert(client, rows) {
  const columns = ['id', 'driveId', 'parentId', 'filename', 'sha256', 'inode', 'state'];
  const more = ['stagedName', 'sourceFilename', 'sourceParentId', 'trashId', 'from'];
  await client.query(
    `insert into file_metadata (id, drive_id, parent_id, kind, filename, sort_key, folded_name, content_type, size, sha256,
       upload_date, modified_at, inode, state, staged_name, source_filename, source_parent_id, trash_id, trashed_at,
       trashed_from, lease_holder, lease_until)
     select r.id, r.drive_id, r.parent_id, 'file', r.filename, r.filename, r.filename, 'application/octet-stream',
       ${FILE_BYTES}, r.sha256, now(), now(), r.inode, r.state, r.staged_name, r.source_filename, r.source_parent_id,
       r.trash_id, case when r.trash_id is not null then now() end, r.trashed_from, gen_random_uuid(),
       now() + interval '1 day'
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bytea[], $6::numeric[], $7::text[], $8::text[],
       $9::text[], $10::uuid[], $11::uuid[], $12::jsonb[])
       as r (id, drive_id, parent_id, filename, sha256, inode, state, staged_name, source_filename, source_parent_id,
         trash_id, trashed_from)`,
    [...columns, ...more].map((column) => rows.map((row) => row[column])),
  );
}
