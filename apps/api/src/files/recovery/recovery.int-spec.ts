import {
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';

import {
  drivePageSchema,
  eventPageSchema,
  type FileMetadata,
  filePageSchema,
} from '@homeserver/dto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { eventually } from '../../../test/eventually';
import { read, upload } from '../../../test/files-client';
import { query } from '../../../test/query';
import { startTestApp, type TestApp } from '../../../test/test-app';
import { Indexer } from '../indexing/indexer.service';
import { RecoveryService } from './recovery.service';

/** Each test lays what a crash between two steps of the write protocol leaves, and starts again on it. */
describe('recovery at start-up', () => {
  let server: TestApp;

  beforeEach(async () => {
    server = await startTestApp();
  });

  afterEach(async () => {
    await server.close();
  });

  const finalPath = (name: string) => path.join(server.filesFolder, name);
  const stagedPath = (name: string) =>
    path.join(server.filesFolder, '.homeserver', 'staging', name);
  const instanceId = async () =>
    (await readFile(path.join(server.config.dataDir, 'instance-id'), 'utf8')).trim();

  async function restart(): Promise<void> {
    server = await startTestApp({}, server);
  }

  async function names(): Promise<string[]> {
    const list = await read(server, '/api/v1/files/list', filePageSchema);
    return list.items.map((file) => file.filename).sort();
  }

  async function unfinishedCount(): Promise<number> {
    const rows = await query<{ count: string }>(
      server.database.url,
      `select count(*) from file_metadata where state not in ('live', 'trash')`,
    );
    return Number(rows[0]?.count);
  }

  async function expectDownload(id: string, content: string): Promise<void> {
    expect(await (await fetch(`${server.url}/api/v1/files/${id}/download`)).text()).toBe(content);
  }

  async function events(): Promise<string[]> {
    const list = await read(server, '/api/v1/events?after=0', eventPageSchema);
    return list.items.map((event) => event.type);
  }

  /** Uploads a file, then puts its row back to where the commit has only begun. */
  async function uploadUntilCommitting(name: string, content: string): Promise<FileMetadata> {
    const file = await upload(server, { name, content });
    await link(finalPath(name), stagedPath(file.id));
    const holder = await instanceId();
    await server.stop();
    await query(
      server.database.url,
      `update file_metadata set state = 'committing', staged_name = $1, lease_holder = $2, lease_until = now() + interval '1 hour'
       where id = $1`,
      [file.id, holder],
    );
    await query(server.database.url, 'delete from folder_totals_changes');
    return file;
  }

  async function beginState(file: FileMetadata, assignments: string): Promise<void> {
    const holder = await instanceId();
    await server.stop();
    await query(
      server.database.url,
      `update file_metadata set lease_holder = $2, lease_until = now() + interval '1 hour', ${assignments} where id = $1`,
      [file.id, holder],
    );
  }

  it('should finish an upload when its final name stood already', async () => {
    const file = await uploadUntilCommitting('linked.txt', 'whole');
    await restart();

    expect(await names()).toEqual(['linked.txt']);
    await expectDownload(file.id, 'whole');
    expect(await readdir(stagedPath(''))).toEqual([]);
    await eventually(async () => expect(await events()).toContain('homeserver.file.created'));
  });

  it('should finish an upload when the staged name was removed already', async () => {
    const file = await uploadUntilCommitting('renamed.txt', 'whole');
    // A filesystem without links has another inode under the final name.
    await rm(stagedPath(file.id));
    await writeFile(finalPath('copy'), 'whole');
    await rename(finalPath('copy'), finalPath('renamed.txt'));
    await restart();

    await expectDownload(file.id, 'whole');
    expect(await unfinishedCount()).toBe(0);
  });

  it('should finish a copy of bytes that had gone bad when the staged name was removed already', async () => {
    const file = await uploadUntilCommitting('rotten.txt', 'as it is');
    await query(
      server.database.url,
      `update file_metadata set sha256 = sha256('as it was'), corrupted_at = now() where id = $1`,
      [file.id],
    );
    // A filesystem without links has another inode under the final name.
    await rm(stagedPath(file.id));
    await writeFile(finalPath('copy'), 'as it is');
    // In the middle of the millisecond, which is all that is kept of it: a number has no nanoseconds.
    const seconds = (Date.parse(file.modifiedAt) + 0.5) / 1000;
    await utimes(finalPath('copy'), seconds, seconds);
    await rename(finalPath('copy'), finalPath('rotten.txt'));
    await restart();

    await expectDownload(file.id, 'as it is');
    expect(await unfinishedCount()).toBe(0);
    await eventually(async () =>
      expect((await events()).slice(-2)).toEqual([
        'homeserver.file.created',
        'homeserver.file.corrupted',
      ]),
    );
  });

  it('should finish an upload when its bytes were only staged', async () => {
    const file = await uploadUntilCommitting('staged.txt', 'whole');
    await rm(finalPath('staged.txt'));
    await restart();

    expect(await names()).toEqual(['staged.txt']);
    await expectDownload(file.id, 'whole');
  });

  it('should take another name when somebody took the name in the meantime', async () => {
    await uploadUntilCommitting('contested.txt', 'ours');
    await rm(finalPath('contested.txt'));
    await writeFile(finalPath('contested.txt'), 'theirs');
    await restart();

    expect(await names()).toEqual(['contested (2).txt']);
    expect(String(await readFile(finalPath('contested.txt')))).toBe('theirs');
    expect(String(await readFile(finalPath('contested (2).txt')))).toBe('ours');
    expect(await unfinishedCount()).toBe(0);
  });

  it('should forget an upload when none of its bytes are left', async () => {
    const file = await uploadUntilCommitting('lost.txt', 'gone');
    await rm(finalPath('lost.txt'));
    await rm(stagedPath(file.id));
    await restart();

    expect(await names()).toEqual([]);
    expect(await unfinishedCount()).toBe(0);
  });

  it('should leave an upload alone when another holder has a lease on it', async () => {
    const file = await uploadUntilCommitting('foreign.txt', 'theirs');
    await query(
      server.database.url,
      'update file_metadata set lease_holder = drive_id where id = $1',
      [file.id],
    );
    await restart();
    expect(await unfinishedCount()).toBe(1);

    await server.stop();
    await query(
      server.database.url,
      `update file_metadata set lease_until = now() - interval '1 second' where id = $1`,
      [file.id],
    );
    await restart();
    expect(await unfinishedCount()).toBe(0);
  });

  it.each([
    ['nothing was moved yet', async () => undefined],
    ['both names stand', async () => link(finalPath('from.txt'), finalPath('to.txt'))],
    ['the file has moved', async () => rename(finalPath('from.txt'), finalPath('to.txt'))],
  ])('should finish a move when %s', async (_, crash) => {
    const file = await upload(server, { name: 'from.txt', content: 'whole' });
    await beginState(
      file,
      `state = 'moving', source_filename = filename, source_parent_id = parent_id, filename = 'to.txt'`,
    );
    await crash();
    await restart();

    expect(await names()).toEqual(['to.txt']);
    await expectDownload(file.id, 'whole');
    expect(await readdir(server.filesFolder)).not.toContain('from.txt');
  });

  it('should finish a move when another file has taken the old name since', async () => {
    const file = await upload(server, { name: 'from.txt', content: 'whole' });
    await beginState(
      file,
      `state = 'moving', source_filename = filename, source_parent_id = parent_id, filename = 'to.txt'`,
    );
    await rename(finalPath('from.txt'), finalPath('to.txt'));
    await writeFile(finalPath('from.txt'), 'theirs');
    await restart();

    expect(await names()).toEqual(['to.txt']);
    await expectDownload(file.id, 'whole');
    expect(String(await readFile(finalPath('from.txt')))).toBe('theirs');
  });

  it('should undo a move when somebody took the new name in the meantime', async () => {
    const file = await upload(server, { name: 'from.txt', content: 'mine' });
    await beginState(
      file,
      `state = 'moving', source_filename = filename, source_parent_id = parent_id, filename = 'to.txt'`,
    );
    await writeFile(finalPath('to.txt'), 'theirs');
    await restart();

    expect(await names()).toEqual(['from.txt']);
    await expectDownload(file.id, 'mine');
    expect(String(await readFile(finalPath('to.txt')))).toBe('theirs');
  });

  it.each([
    ['the file is still there', async () => undefined],
    ['the file is gone', async () => rm(finalPath('deleted.txt'))],
  ])('should finish a deletion when %s', async (_, crash) => {
    const file = await upload(server, { name: 'deleted.txt' });
    await beginState(file, `state = 'deleting'`);
    await crash();
    await restart();

    expect(await names()).toEqual([]);
    expect(await readdir(server.filesFolder)).not.toContain('deleted.txt');
    const drives = await read(server, '/api/v1/drives', drivePageSchema);
    expect(drives.items[0]).toMatchObject({ entryCount: 0, usedBytes: 0 });
  });

  it('should be over before the index looks at a drive', async () => {
    const file = await upload(server, { name: 'deleted.txt' });
    await beginState(file, `state = 'deleting'`);
    const steps: string[] = [];
    const { recover } = RecoveryService.prototype;
    const spies = [
      jest.spyOn(RecoveryService.prototype, 'recover').mockImplementation(async function (
        this: RecoveryService,
      ) {
        await recover.call(this);
        steps.push('recovered');
      }),
      jest.spyOn(Indexer.prototype, 'scan').mockImplementation(async () => {
        steps.push('looked at');
        return null;
      }),
    ];
    try {
      await restart();
      await eventually(() => expect(steps).toContain('looked at'));
      expect(steps[0]).toBe('recovered');
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  it('should leave everything as it is while another disk, or none, lies in the place of the drive', async () => {
    const file = await upload(server, { name: 'on the disk.txt', content: 'kept' });
    await beginState(file, `state = 'deleting'`);
    const away = `${server.filesFolder}-away`;
    await rename(server.filesFolder, away);
    await mkdir(server.filesFolder);
    await restart();
    expect(await unfinishedCount()).toBe(1);
    await server.stop();

    await rm(server.filesFolder, { recursive: true });
    await rename(away, server.filesFolder);
    await restart();
    expect(await unfinishedCount()).toBe(0);
  });

  it('should remove staged bytes that nobody counts on, but only when they are old', async () => {
    const aYearAgo = new Date(Date.now() - 365 * 24 * 60 * 60 * 1000);
    await writeFile(stagedPath('old'), 'x');
    // A copy, or an upload, of an old file is given its time before anybody counts on it.
    await utimes(stagedPath('old'), aYearAgo, aYearAgo);
    await server.app.get(RecoveryService).recover();
    expect((await stat(stagedPath('old'))).size).toBe(1);

    const tomorrow = Date.now() + 25 * 60 * 60 * 1000;
    const clock = jest.spyOn(Date, 'now').mockReturnValue(tomorrow);
    try {
      await server.app.get(RecoveryService).recover();
    } finally {
      clock.mockRestore();
    }
    await expect(stat(stagedPath('old'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
