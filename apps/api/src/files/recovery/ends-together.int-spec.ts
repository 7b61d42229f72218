import { mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';

import { eventPageSchema, type FileMetadata, type HomeServerEvent } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { EntriesClient } from '../../../test/entries-client';
import { eventually } from '../../../test/eventually';
import { read } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { EntryWrites } from '../entries/entry-writes.service';
import { GatheredEnds } from './gathered-ends.service';

const MOVING = `state = 'moving', source_parent_id = parent_id, source_filename = filename`;
const TRASH = `(select t.id from file_metadata t where t.drive_id = f.drive_id and t.state = 'trash')`;
const FORMER_PLACE = `trash_id = id, trashed_at = now(),
  trashed_from = jsonb_build_object('parentId', parent_id, 'filename', filename, 'folderPath', entry_path(parent_id))`;

/** What a write has done to the row of a file, and to its name on the drive, when only its end is left. */
const WRITES = {
  commit: `state = 'committing', staged_name = id::text`,
  rename: `${MOVING}, filename = 'renamed ' || filename`,
  move: `${MOVING}, parent_id = (select o.id from file_metadata o where o.filename = 'other')`,
  trash: `${MOVING}, ${FORMER_PLACE}, filename = id::text, parent_id = ${TRASH}`,
  restore: `state = 'moving', ${FORMER_PLACE}, source_parent_id = ${TRASH}, source_filename = id::text`,
  delete: `state = 'deleting'`,
};
type Write = keyof typeof WRITES;

interface Unfinished {
  readonly write: Write;
  readonly file: FileMetadata;
  readonly from: { readonly parentId: string; readonly filename: string };
}

describe('ends of writes that are taken together', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });
  afterAll(() => server.close());

  const at = (...place: string[]) => path.join(server.filesFolder, ...place);

  async function leave(write: Write, name: string, folderId: string): Promise<Unfinished> {
    const file = await new EntriesClient(server).uploadTo(folderId, name);
    const [row] = await query<{ parentId: string; filename: string }>(
      server.database.url,
      `update file_metadata f set lease_holder = gen_random_uuid(), lease_until = now() + interval '1 hour', ${WRITES[write]}
       where id = $1 returning coalesce(source_parent_id, parent_id) as "parentId", coalesce(source_filename, filename) as filename`,
      [file.id],
    );
    if (row === undefined) throw new Error('The file has no row.');
    const lies = at('outer', 'inner', name);
    if (write === 'rename') await rename(lies, at('outer', 'inner', `renamed ${name}`));
    if (write === 'move') await rename(lies, at('other', name));
    if (write === 'trash') await rename(lies, at('.homeserver', 'trash', file.id));
    if (write === 'delete') await rm(lies);
    return { write, file, from: row };
  }

  async function endAlone({ write, file: { id }, from }: Unfinished): Promise<void> {
    const writes = server.app.get(EntryWrites);
    if (write === 'commit') await writes.finishCommit(id, null);
    else if (write === 'delete') await writes.finishDelete(id, null);
    else await writes.finishMove(id, from, { tags: null, cause: null });
  }

  async function endGathered({ write, file: { id }, from }: Unfinished): Promise<void> {
    const ends = server.app.get(GatheredEnds);
    if (write === 'commit') await ends.finishCommit(id);
    else if (write === 'delete') await ends.finishDelete(id);
    else await ends.finishMove(id, from);
  }

  /** What is told of a file, and what its row is, without what tells it from another one. */
  async function stateOf({ file: { id, filename } }: Unfinished, told: readonly HomeServerEvent[]) {
    const rows = await query<{ row: object }>(
      server.database.url,
      `select to_jsonb(f) - '{sort_key,folded_name,inode,birth_ns}'::text[] as row from file_metadata f where id = $1`,
      [id],
    );
    const events = told
      .filter(({ subject }) => subject === `files/${id}`)
      .map(({ type, data }) => ({ type, data }));
    const text = JSON.stringify({ rows, events })
      .replaceAll(id, 'ID')
      .replaceAll(filename, 'NAME')
      .replaceAll(/\d{4}-\d\d-\d\dT[^"]*/g, 'TIME');
    const state: unknown = JSON.parse(text);
    return state;
  }

  it('should be what each of them is by itself', async () => {
    const client = new EntriesClient(server);
    const outer = await client.makeFolder('outer');
    const { id: inner } = await client.makeFolder('inner', outer.id);
    await client.makeFolder('other');
    await mkdir(at('.homeserver', 'trash'), { recursive: true });
    const writes: Write[] = ['commit', 'rename', 'move', 'trash', 'restore', 'delete'];
    const alone: Unfinished[] = [];
    const together: Unfinished[] = [];
    for (const write of writes) {
      alone.push(await leave(write, `alone ${write}.txt`, inner));
      together.push(await leave(write, `together ${write}.txt`, inner));
    }
    for (const one of alone) await endAlone(one);
    await Promise.all(together.map(endGathered));

    const ended = await eventually(async () => {
      const { items } = await read(server, '/api/v1/events?after=0&limit=1000', eventPageSchema);
      // Each was uploaded, too.
      for (const { file } of [...alone, ...together])
        expect(items.filter(({ subject }) => subject === `files/${file.id}`)).toHaveLength(2);
      return items;
    });
    for (const [index, one] of together.entries()) {
      const other = alone[index];
      if (other === undefined) throw new Error('There are as many of both.');
      expect(await stateOf(one, ended)).toEqual(await stateOf(other, ended));
    }
    // Twelve came, and those of the commits are counted once more.
    await eventually(async () => {
      const counts = await query(
        server.database.url,
        `select filename, child_count::integer as count from file_metadata where filename in ('inner', 'other') order by 1`,
      );
      expect(counts).toEqual([
        { filename: 'inner', count: 12 + 2 - 2 - 2 + 2 - 2 },
        { filename: 'other', count: 2 },
      ]);
    });
  });
});
