import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { type FileMetadata, fileDetailsSchema, fileMetadataSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { eventually } from '../../../test/eventually';
import { read, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { uuid7 } from '../../platform/database/uuid7';
import { FolderTotalsRepository } from '../../drives/folder-totals.repository';
import { RecoveryService } from './recovery.service';

/** Each test lays what a crash between two steps of a write leaves, with a lease that ran out. */
describe('recovery of folders', () => {
  let server: TestApp;

  beforeAll(async () => {
    server = await startTestApp();
  });

  afterAll(async () => {
    await server.close();
  });

  const place = (...names: string[]) => path.join(server.filesFolder, ...names);
  const recover = () => server.app.get(RecoveryService).recover();
  /** Adds up all that was noted, also by the hand of a test. */
  async function settle(): Promise<void> {
    const totals = server.app.get(FolderTotalsRepository);
    for (const id of await totals.findUnfoldedDrives()) await totals.fold(id);
  }

  const describeEntry = (id: string) =>
    read(server, `/api/v1/files/${id}/metadata`, fileDetailsSchema);

  async function make(filename: string, parentId: string | null = null): Promise<FileMetadata> {
    const response = await fetch(`${server.url}/api/v1/files/folders`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ filename, parentId }),
    });
    return fileMetadataSchema.parse(await response.json());
  }

  /** A folder with a file in it, in a folder of its own, beside another one. */
  async function scene(name: string) {
    const [left, right] = [await make(`${name} left`), await make(`${name} right`)];
    const folder = await make(name, left.id);
    const file = await upload(server, { name: 'a.txt', query: `?folderId=${folder.id}` });
    await settle();
    return {
      left,
      right,
      folder,
      file,
      paths: [place(left.filename, name), place(right.filename, name)] as const,
    };
  }

  async function abandon(id: string, assignments: string, values: unknown[] = []): Promise<void> {
    await query(
      server.database.url,
      `update file_metadata set lease_holder = $2, lease_until = now() - interval '1 s', ${assignments} where id = $1`,
      [id, uuid7(), ...values],
    );
  }

  /** As the first step of a move leaves it: the totals go with the row. */
  async function beginMove({ left, right, folder }: Awaited<ReturnType<typeof scene>>) {
    await abandon(
      folder.id,
      `state = 'moving', source_parent_id = parent_id, source_filename = filename, parent_id = $3`,
      [right.id],
    );
    for (const [id, sign] of [
      [left.id, -1],
      [right.id, 1],
    ] as const)
      await query(
        server.database.url,
        `insert into folder_totals_changes (drive_id, folder_id, child_count, file_count, folder_count, total_bytes)
         values ($1, $2, $3, $3, $3, $4)`,
        [folder.driveId, id, sign, sign * 7],
      );
  }

  async function expectAt(
    { folder, file, left, right }: Awaited<ReturnType<typeof scene>>,
    side: 'left' | 'right',
  ): Promise<void> {
    const [at, other] = side === 'left' ? [left, right] : [right, left];
    const storagePath = `${at.filename}/${folder.filename}`;
    expect(await describeEntry(folder.id)).toMatchObject({ parentId: at.id, storagePath });
    expect(await (await fetch(`${server.url}/api/v1/files/${file.id}/download`)).text()).toBe(
      'content',
    );
    expect(await readdir(place(storagePath))).toEqual(['a.txt']);
    expect(await readdir(place(other.filename))).toEqual([]);
    // What a test laid there in passing, the index may have met.
    await eventually(async () => {
      await settle();
      expect(await describeEntry(at.id)).toMatchObject({ fileCount: 1, folderCount: 1, size: 7 });
      expect(await describeEntry(other.id)).toMatchObject({
        fileCount: 0,
        folderCount: 0,
        size: 0,
      });
    });
    expect(
      await query(
        server.database.url,
        `select 1 from file_metadata where state not in ('live', 'missing', 'trash')`,
      ),
    ).toEqual([]);
  }

  it.each([
    ['it was made', true],
    ['it was not made yet', false],
  ])('should finish a new folder when %s', async (_, isMade) => {
    const folder = await make(`new ${String(isMade)}`);
    await settle();
    await abandon(folder.id, `state = 'committing', inode = null`);
    if (!isMade) await rm(place(folder.filename), { recursive: true });
    await recover();

    expect(await describeEntry(folder.id)).toMatchObject({ filename: folder.filename });
    expect(await readdir(place(folder.filename))).toEqual([]);
  });

  it('should give up a new folder when somebody took the name for a file', async () => {
    const folder = await make('contested');
    await settle();
    await abandon(folder.id, `state = 'committing'`);
    await rm(place('contested'), { recursive: true });
    await writeFile(place('contested'), 'theirs');
    await recover();

    expect((await fetch(`${server.url}/api/v1/files/${folder.id}/metadata`)).status).toBe(404);
  });

  it.each([
    ['nothing was done on the drive', async () => undefined],
    ['the new name was held by an empty folder', async (_: string, to: string) => mkdir(to)],
    ['it stood under the new name', async (from: string, to: string) => rename(from, to)],
    [
      'it stood under the new name, and another folder under the old one',
      async (from: string, to: string) => {
        await rename(from, to);
        await mkdir(from);
      },
    ],
  ])('should finish a move when %s', async (name, lay) => {
    const laid = await scene(name);
    await beginMove(laid);
    await lay(...laid.paths);
    await recover();

    if (name.includes('old one')) await rm(laid.paths[0], { recursive: true });
    await expectAt(laid, 'right');
  });

  it('should undo a move, and what was counted for it, when somebody took the name', async () => {
    const laid = await scene('undone');
    await beginMove(laid);
    await mkdir(laid.paths[1]);
    await writeFile(path.join(laid.paths[1], 'theirs'), '');
    await recover();

    await rm(laid.paths[1], { recursive: true });
    await expectAt(laid, 'left');
  });

  it.each([
    ['nothing was done on the drive', false],
    ['it was out of the tree already, and another folder bears its name', true],
  ])('should finish a deletion when %s', async (name, isDone) => {
    const { left, folder, file, paths } = await scene(`deleted, ${name}`);
    await abandon(folder.id, `state = 'deleting'`);
    if (isDone) {
      await rename(paths[0], place('.homeserver/removed', folder.id));
      await mkdir(paths[0]);
    }
    await recover();

    for (const { id } of [folder, file])
      expect((await fetch(`${server.url}/api/v1/files/${id}/metadata`)).status).toBe(404);
    expect(await readdir(place(left.filename))).toEqual(isDone ? [folder.filename] : []);
    if (isDone) await rm(paths[0], { recursive: true });
    await eventually(async () => {
      await settle();
      expect(await describeEntry(left.id)).toMatchObject({ fileCount: 0, folderCount: 0, size: 0 });
    });
    await eventually(async () => expect(await readdir(place('.homeserver/removed'))).toEqual([]));
  });

  it('should remove the bytes of a deleted folder when no job does', async () => {
    const name = uuid7();
    await mkdir(place('.homeserver/removed', name));
    await writeFile(place('.homeserver/removed', name, 'a.txt'), 'x');
    await recover();

    await eventually(async () => expect(await readdir(place('.homeserver/removed'))).toEqual([]));
  });

  it('should not remove the bytes of a folder that the database knows, for it may be a restored one', async () => {
    const folder = await make('restored');
    await rename(place('restored'), place('.homeserver/removed', folder.id));
    await recover();
    await recover();

    expect(await readdir(place('.homeserver/removed'))).toEqual([folder.id]);
    await rm(place('.homeserver/removed', folder.id), { recursive: true });
  });

  it('should finish the move of a link when it stood under the old name', async () => {
    const folder = await make('for a link');
    const link = await upload(server, { name: 'link' });
    await rm(place('link'));
    await symlink('nowhere', place('link'));
    await abandon(
      link.id,
      `nature = 'link', link_target = 'nowhere', state = 'moving', source_parent_id = parent_id, source_filename = filename, parent_id = $3`,
      [folder.id],
    );
    await recover();

    expect(await describeEntry(link.id)).toMatchObject({ storagePath: 'for a link/link' });
    expect(await readdir(place('for a link'))).toEqual(['link']);
  });
});
