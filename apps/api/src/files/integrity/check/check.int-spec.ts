import { mkdir, readdir, rename, rm, truncate, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { eventPageSchema } from '@homeserver/dto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { damage } from '../../../../test/damage';
import { EntriesClient } from '../../../../test/entries-client';
import { eventually } from '../../../../test/eventually';
import { read, upload } from '../../../../test/files-client';
import { operate } from '../../../../test/operate';
import { query } from '../../../../test/query';
import { startTestApp, type TestApp } from '../../../../test/test-app';

const reportSchema = z.object({
  drives: z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(['checked', 'away']),
      entryCount: z.int(),
      readBytes: z.int(),
      findings: z.array(
        z.object({ place: z.string(), kind: z.string(), path: z.string(), detail: z.string() }),
      ),
    }),
  ),
});

describe('the command check', () => {
  let server: TestApp;
  let client: EntriesClient;
  let isRunning = true;

  beforeAll(async () => {
    server = await startTestApp();
    client = new EntriesClient(server);
  });
  afterAll(async () => {
    if (!isRunning) await start();
    await server.close();
  });

  const at = (...place: string[]) => path.join(server.filesFolder, ...place);
  const own = (...place: string[]) => at('.homeserver', ...place);
  const put = (name: string, content = name) => upload(server, { name, content });
  const run = (...args: string[]) =>
    operate(['check', ...args], {
      DATABASE_URL: server.database.url,
      DATA_DIR: server.config.dataDir,
    });
  const check = async (...args: string[]) => {
    const { exitCode, output } = await run('--drive', 'Files', '--json', ...args);
    const [drive] = reportSchema.parse(JSON.parse(output)).drives;
    const findings = (drive?.findings ?? []).map(
      ({ place, kind, path: where }) => `${place} ${kind} ${where}`,
    );
    return { exitCode, readBytes: drive?.readBytes, findings: findings.toSorted() };
  };
  const stop = async () => {
    await server.stop();
    isRunning = false;
  };
  const start = async () => {
    server = await startTestApp({}, server);
    client = new EntriesClient(server);
    isRunning = true;
  };

  it('should say how it is used', async () => {
    expect(await run('--help')).toMatchObject({
      exitCode: 0,
      output: expect.stringMatching(/--json/),
    });
    for (const args of [['now'], ['--full'], ['--drive', 'Attic']])
      expect(await run(...args)).toMatchObject({ exitCode: 1, output: '' });
  });

  it('should find nothing when all is as it should be', async () => {
    await put('fine.txt', 'twelve bytes');
    const folder = await client.makeFolder('Fine');
    await client.uploadTo(folder.id, 'deep.txt', 'eight by');
    const old = await client.makeFolder('Old');
    await client.uploadTo(old.id, 'older.txt', 'six by');
    await client.call('DELETE', `files/${old.id}`);

    expect(await check()).toEqual({ exitCode: 0, readBytes: 26, findings: [] });
    expect(await check('--quick')).toMatchObject({ exitCode: 0, readBytes: 0 });
    const { exitCode, output } = await run();
    expect({ exitCode, output }).toEqual({
      exitCode: 0,
      output:
        'Files: 5 entries compared, 0 MB read; all is as it should be.\nkeeper: 0 entries compared, 0 MB read; all is as it should be.\n',
    });
  });

  it('should mark and tell what is corrupted when HomeServer runs', async () => {
    const file = await put('rotten.txt');
    damage(at('rotten.txt'));

    expect(await check()).toMatchObject({ exitCode: 2, findings: ['files corrupted rotten.txt'] });
    expect((await client.describe(file.id)).corruptedAt).not.toBeNull();
    await eventually(async () => {
      const { items } = await read(server, '/api/v1/events?after=0&limit=1000', eventPageSchema);
      expect(items).toContainEqual(
        expect.objectContaining({
          type: 'homeserver.file.corrupted',
          subject: `files/${file.id}`,
        }),
      );
    });
    await client.call('DELETE', `files/${file.id}?permanent=1`);
    expect(await check()).toMatchObject({ exitCode: 0, findings: [] });
  });

  it('should leave alone what the index takes up in a moment when HomeServer runs', async () => {
    const checking = check('--quick');
    let isOver = false;
    void checking.finally(() => (isOver = true));
    for (let number = 0; !isOver; number += 1) {
      await writeFile(at(`outside ${number}.txt`), 'from outside');
      await delay(10); // a pace: some are always too new for the index
    }
    expect(await checking).toMatchObject({ exitCode: 0, findings: [] });
    expect(await check('--quick')).toMatchObject({ exitCode: 0, findings: [] });
  });

  it('should find what differs either way when HomeServer does not run', async () => {
    await put('lost.txt');
    await put('shorter.txt', 'longer once');
    const trashed = await put('trashed.txt');
    const kept = await put('kept.txt', 'first');
    await upload(server, { name: 'kept.txt', content: 'second', conflict: 'version' });
    const lettered = await put('lettered.txt', 'first');
    await upload(server, { name: 'lettered.txt', content: 'second', conflict: 'version' });
    await client.call('DELETE', `files/${trashed.id}`);
    const unfinished = await put('unfinished.txt');
    await stop();
    await rm(at('lost.txt'));
    await truncate(at('shorter.txt'), 3);
    await writeFile(at('stranger.txt'), 'from outside');
    // What the drive leaves out is no finding.
    await mkdir(at('left out'));
    await query(
      server.database.url,
      `update drives set excludes = array['left out'] where is_default`,
    );
    await rename(own('trash', trashed.id), own('trash', 'somebody'));
    await writeFile(own('staging', 'left'), 'half');
    const [version] = await readdir(own('versions', kept.id));
    await rename(own('versions', kept.id, version ?? ''), own('versions', kept.id, 'somebody'));
    const [damaged] = await readdir(own('versions', lettered.id));
    damage(own('versions', lettered.id, damaged ?? ''));
    await mkdir(own('removed', 'left'));
    await query(
      server.database.url,
      `update file_metadata set state = 'deleting', lease_holder = gen_random_uuid(), lease_until = now() + interval '1 hour'
       where id = $1`,
      [unfinished.id],
    );

    expect(await check()).toMatchObject({
      exitCode: 2,
      findings: [
        'files differs shorter.txt',
        'files missing lost.txt',
        'files unfinished unfinished.txt',
        'files unknown stranger.txt',
        'removed unknown .homeserver/removed/left',
        'staging unknown .homeserver/staging/left',
        `trash missing .homeserver/trash/${trashed.id}`,
        'trash unknown .homeserver/trash/somebody',
        `versions corrupted .homeserver/versions/${lettered.id}/${damaged}`,
        `versions missing .homeserver/versions/${kept.id}/${version}`,
        `versions unknown .homeserver/versions/${kept.id}/somebody`,
      ].toSorted(),
    });
    await rm(own('trash', 'somebody'));
  });

  it('should miss what an upload in parts has come by when its bytes are gone', async () => {
    if (isRunning) await stop();
    const [user] = await query<{ id: string }>(server.database.url, `select id from users limit 1`);
    await query(
      server.database.url,
      `insert into uploads (id, user_id, drive_id, folder_id, filename, tags, conflict, metadata, length, committed_offset,
         staged_name, created_at, expires_at)
       select gen_random_uuid(), $1, id, root_folder_id, 'half.bin', '{}', 'rename', '', 10, 4, 'half', now(),
         now() + interval '1 day' from drives where is_default`,
      [user?.id],
    );
    expect((await check('--quick')).findings).toContain('staging missing .homeserver/staging/half');
    await writeFile(own('staging', 'half'), 'abc');
    expect((await check('--quick')).findings).toContain('staging differs .homeserver/staging/half');
    await writeFile(own('staging', 'half'), 'abcd');
    const { findings } = await check('--quick');
    expect(findings.filter((finding) => finding.includes('half'))).toEqual([]);
  });

  it('should not take for left behind what may be an upload under way when HomeServer runs', async () => {
    if (!isRunning) await start();
    await writeFile(own('staging', 'just now'), 'half');
    await writeFile(own('staging', 'long ago'), 'half');
    const hourAgo = Date.now() / 1000 - 3600;
    await utimes(own('staging', 'long ago'), hourAgo, hourAgo);
    const { findings } = await check('--quick');
    const staged = findings.filter((finding) => finding.startsWith('staging'));
    expect(staged).toEqual(['staging unknown .homeserver/staging/long ago']);
  });

  it('should say so when a disk is away', async () => {
    const home = path.join(server.config.dataDir, 'homes', 'keeper');
    await rename(home, `${home}-away`);
    expect(await run('--drive', 'keeper')).toMatchObject({ exitCode: 1 });
    expect(reportSchema.parse(JSON.parse((await run('--json', '--quick')).output)).drives).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'keeper', outcome: 'away' })]),
    );
    await rename(`${home}-away`, home);
  });
});
