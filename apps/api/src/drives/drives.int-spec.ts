import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import {
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import {
  auditPageSchema,
  DEFAULT_EXCLUDES,
  driveGrantsSchema,
  filePageSchema,
  jobPageSchema,
} from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import * as z from 'zod';

import { describeNeeding } from '../../test/capabilities';
import {
  addDrive,
  deleteDrive,
  patchDrive,
  postDrive,
  readDrive,
  readDrives,
} from '../../test/drives-client';
import { eventually } from '../../test/eventually';
import { postUpload, read, readProblem, upload } from '../../test/files-client';
import { ageSignIn, makePerson } from '../../test/people';
import { Person } from '../../test/person';
import { query } from '../../test/query';
import { startTestApp, type TestApp } from '../../test/test-app';

let server: TestApp;
let parent: string;
let root: string;
let made = 0;

/** Drives of one server have different names. */
function newName(): string {
  made += 1;
  return `Drive ${made}`;
}

beforeAll(async () => {
  server = await startTestApp();
});

afterAll(async () => {
  await server.close();
});

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'homeserver-drives-'));
  root = path.join(parent, 'root');
  await mkdir(root);
});

afterEach(async () => {
  for (const { id, settings } of await readDrives(server))
    if (settings?.path.startsWith(parent)) await deleteDrive(server, id);
  await rm(parent, { recursive: true });
});

async function auditTypes(): Promise<string[]> {
  const { items } = await read(
    server,
    '/api/v1/audit?types=homeserver.drive.added,homeserver.drive.changed,homeserver.drive.forgotten',
    auditPageSchema,
  );
  return items.map(({ type, summary }) => `${type} ${summary}`);
}

describe('adding a drive', () => {
  it('should serve the folder where it lies, with a marker, to all administrators', async () => {
    await writeFile(path.join(root, 'a.txt'), 'content');
    const name = newName();
    const drive = await addDrive(server, { name, path: root });
    const marker: unknown = JSON.parse(
      await readFile(path.join(root, '.homeserver', 'drive.json'), 'utf8'),
    );

    expect(drive).toMatchObject({
      name,
      state: 'online',
      readOnly: false,
      access: 'write',
      ownerId: null,
      attention: null,
      settings: { path: root, excludes: DEFAULT_EXCLUDES, showHidden: true, crossMounts: false },
    });
    expect(drive.totalBytes).toBeGreaterThan(drive.freeBytes ?? Infinity);
    expect(marker).toEqual({ id: drive.id });
    expect(await readFile(path.join(root, 'a.txt'), 'utf8')).toBe('content');
    expect((await auditTypes())[0]).toBe(`homeserver.drive.added ${name}`);
  });

  it('should take files there when they are uploaded to it', async () => {
    const drive = await addDrive(server, { name: newName(), path: root });
    await upload(server, { name: 'b.txt', query: `?driveId=${drive.id}` });

    expect(await readFile(path.join(root, 'b.txt'), 'utf8')).toBe('content');
  });

  it('should write nothing, and say why, when it is read only; tags change all the same', async () => {
    await writeFile(path.join(root, 'a.txt'), 'content');
    const drive = await addDrive(server, { name: newName(), path: root, readOnly: true });
    const answer = await postUpload(server, { name: 'b.txt', query: `?driveId=${drive.id}` });

    expect(drive).toMatchObject({ readOnly: true, access: 'write', state: 'online' });
    expect(await readProblem(answer)).toMatchObject({ status: 403, code: 'drives.read_only' });
    const [file] = await eventually(async () => {
      const list = `/api/v1/files/list?driveId=${drive.id}`;
      const { items } = await read(server, list, filePageSchema);
      expect(items).toHaveLength(1);
      return items;
    });
    const changed = await fetch(`${server.url}/api/v1/files/${file?.id}`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ tags: ['kept'] }),
    });
    expect(changed.status).toBe(200);
    expect(await readdir(root)).toEqual(['a.txt']);
  });

  it('should be every administrator’s, also of one who comes later, and no member’s', async () => {
    const early = await Person.arrive(server, 'early', 'admin');
    const { id } = await addDrive(server, { name: newName(), path: root });
    const late = await Person.arrive(server, 'late', 'admin');
    const member = await Person.arrive(server, 'member');
    const { items } = await read(server, `/api/v1/drives/${id}/grants`, driveGrantsSchema);
    const accessOf = (person: Person) => items.find(({ userId }) => userId === person.id)?.access;

    expect([early, late, member].map(accessOf)).toEqual(['write', 'write', 'none']);
  });

  it('should store the real path when it is given by a link', async () => {
    await symlink(root, path.join(parent, 'link'));
    const drive = await addDrive(server, { name: newName(), path: path.join(parent, 'link') });

    expect(drive.settings?.path).toBe(root);
  });

  it('should take up the id when a marker bears one that nobody knows', async () => {
    const id = '0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c';
    await mkdir(path.join(root, '.homeserver'));
    await writeFile(path.join(root, '.homeserver', 'drive.json'), JSON.stringify({ id }));

    expect((await addDrive(server, { name: newName(), path: root })).id).toBe(id);
  });

  it('should refuse a copy of a drive that is served', async () => {
    await addDrive(server, { name: newName(), path: root });
    execFileSync('cp', ['-a', root, path.join(parent, 'copy')]);
    const answer = await postDrive(server, { name: newName(), path: path.join(parent, 'copy') });

    expect(answer.status).toBe(409);
    expect((await readProblem(answer)).code).toBe('drives.known');
  });

  it('should refuse the name of another one, and leave no marker', async () => {
    const name = newName();
    await addDrive(server, { name, path: root });
    await mkdir(path.join(parent, 'second'));
    const answer = await postDrive(server, {
      name,
      path: path.join(parent, 'second'),
    });

    expect(answer.status).toBe(409);
    expect((await readProblem(answer)).code).toBe('drives.name_taken');
    expect(await readdir(path.join(parent, 'second'))).toEqual([]);
  });

  describe('that cannot be one', () => {
    const refused = async (wished: string): Promise<[string, string | undefined]> => {
      const answer = await postDrive(server, { name: newName(), path: wished });
      const { status, code, errors } = await readProblem(answer);
      expect(status).toBe(422);
      return [code, errors?.[0]?.pointer];
    };

    it('should say so when the path is wrong', async () => {
      await writeFile(path.join(parent, 'file'), '');
      await symlink('/etc', path.join(parent, 'system'));

      expect(await refused('media/films')).toEqual(['drives.root_not_absolute', '#/path']);
      expect(await refused(path.join(parent, 'absent'))).toEqual(['drives.root_missing', '#/path']);
      expect(await refused(path.join(parent, 'file'))).toEqual([
        'drives.root_not_a_folder',
        '#/path',
      ]);
      expect(await refused(path.join(parent, 'file', 'x'))).toEqual([
        'drives.root_not_a_folder',
        '#/path',
      ]);
      for (const wished of [
        '/',
        '/proc',
        '/sys/',
        '/dev/shm',
        '/etc/../etc',
        path.join(parent, 'system'),
      ])
        expect(await refused(wished)).toEqual(['drives.root_forbidden', '#/path']);
    });

    it('should say so when it is, contains or lies in what HomeServer keeps', async () => {
      const { dataDir } = server.config;
      await mkdir(path.join(dataDir, 'postgres'), { recursive: true });
      await symlink(dataDir, path.join(parent, 'data'));

      for (const wished of [
        dataDir,
        path.dirname(dataDir),
        path.join(dataDir, 'files'),
        path.join(dataDir, 'postgres'),
        path.join(parent, 'data'),
      ])
        expect(await refused(wished)).toEqual(['drives.root_is_data', '#/path']);
    });

    it('should say so, and name the other, when it is, contains or lies in another drive', async () => {
      await mkdir(path.join(root, 'inner', 'most'), { recursive: true });
      const name = newName();
      await addDrive(server, { name, path: path.join(root, 'inner') });
      await symlink(path.join(root, 'inner', 'most'), path.join(parent, 'link'));

      for (const wished of [
        root,
        path.join(root, 'inner'),
        path.join(root, 'inner', 'most'),
        path.join(parent, 'link'),
      ]) {
        const answer = await postDrive(server, { name: newName(), path: wished });
        const { code, detail } = await readProblem(answer);
        expect([code, detail.includes(name)]).toEqual(['drives.root_overlaps', true]);
      }
    });

    it('should let one of two win when both are added at once', async () => {
      await mkdir(path.join(root, 'inner'));
      const answers = await Promise.all(
        [root, path.join(root, 'inner')].map((wished) =>
          postDrive(server, { name: newName(), path: wished }),
        ),
      );

      expect(answers.map(({ status }) => status).sort()).toEqual([201, 422]);
    });
  });
});

describeNeeding('mount', 'adding a mounted folder', () => {
  const mounted: string[] = [];

  function mount(...options: string[]): void {
    execFileSync('mount', options);
    mounted.unshift(options.at(-1) ?? '');
  }

  afterEach(() => {
    for (const place of mounted.splice(0)) execFileSync('umount', ['-l', place]);
  });

  it('should see that it lies in another drive when it is mounted a second time', async () => {
    await mkdir(path.join(root, 'inner', 'most'), { recursive: true });
    await mkdir(path.join(parent, 'bound'));
    await addDrive(server, { name: newName(), path: path.join(root, 'inner') });
    for (const source of [path.join(root, 'inner'), path.join(root, 'inner', 'most'), root]) {
      mount('--bind', source, path.join(parent, 'bound'));
      const answer = await postDrive(server, { name: newName(), path: path.join(parent, 'bound') });
      expect((await readProblem(answer)).code).toBe('drives.root_overlaps');
      execFileSync('umount', [mounted.shift() ?? '']);
    }
  });

  it('should say that it can only be read when it is mounted so', async () => {
    mount('-t', 'tmpfs', '-o', 'ro,size=1m', 'tmpfs', root);
    const refusal = await postDrive(server, { name: newName(), path: root });
    const drive = await addDrive(server, { name: newName(), path: root, readOnly: true });
    const change = await patchDrive(server, drive.id, { readOnly: false });

    expect(await readProblem(refusal)).toMatchObject({
      status: 422,
      code: 'drives.root_not_writable',
      errors: [{ pointer: '#/path' }],
    });
    expect(await readProblem(change)).toMatchObject({
      code: 'drives.root_not_writable',
      errors: [{ pointer: '#/readOnly' }],
    });
    expect((await readDrives(server)).map(({ settings }) => settings?.path)).toContain(root);
  });
});

describe('changing a drive', () => {
  it('should take what is given and leave the rest', async () => {
    const drive = await addDrive(server, {
      name: newName(),
      path: root,
      settings: { showHidden: false },
    });
    const name = newName();
    const answer = await patchDrive(server, drive.id, { name, settings: { excludes: ['*.tmp'] } });

    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({ id: drive.id, name });
    expect(
      await read(
        server,
        `/api/v1/files/${drive.rootFolderId}/metadata`,
        z.object({ filename: z.string() }),
      ),
    ).toMatchObject({ filename: name });
    expect(await readDrive(server, drive.id)).toMatchObject({
      name,
      settings: { showHidden: false, excludes: ['*.tmp'] },
    });
    expect((await auditTypes())[0]).toBe(`homeserver.drive.changed ${name}`);
  });

  it('should say nothing in the log when nothing has changed', async () => {
    const drive = await addDrive(server, { name: newName(), path: root });
    const before = await auditTypes();
    await patchDrive(server, drive.id, { name: drive.name, readOnly: false });

    expect(await auditTypes()).toEqual(before);
  });

  it('should get a marker when a drive that was only read is written to', async () => {
    const drive = await addDrive(server, { name: newName(), path: root, readOnly: true });
    await patchDrive(server, drive.id, { readOnly: false });
    await upload(server, { name: 'a.txt', query: `?driveId=${drive.id}` });

    expect((await readdir(root)).sort()).toEqual(['.homeserver', 'a.txt']);
    expect(await readDrive(server, drive.id)).toMatchObject({ state: 'online', readOnly: false });
  });

  it('should not be written to any more when it becomes read only', async () => {
    const drive = await addDrive(server, { name: newName(), path: root });
    await patchDrive(server, drive.id, { readOnly: true });
    const answer = await postUpload(server, { name: 'b.txt', query: `?driveId=${drive.id}` });

    expect((await readProblem(answer)).code).toBe('drives.read_only');
    expect(await readDrive(server, drive.id)).toMatchObject({ state: 'online' });
  });

  it('should keep the default drive writable, and personal drives as they are named', async () => {
    const drives = await readDrives(server);
    const defaultId = drives.find(({ name }) => name === 'Files')?.id ?? '';
    const personalId = drives.find(({ ownerId }) => ownerId !== null)?.id ?? '';
    const codes: string[] = [];
    for (const [id, patch] of [
      [defaultId, { readOnly: true }],
      [personalId, { readOnly: true }],
      [personalId, { name: 'Mine' }],
    ] as const)
      codes.push((await readProblem(await patchDrive(server, id, patch))).code);

    expect(codes).toEqual(['drives.is_default', 'drives.is_personal', 'drives.is_personal']);
    expect((await patchDrive(server, personalId, { settings: { showHidden: false } })).status).toBe(
      200,
    );
  });

  it('should refuse owners that the machine does not know', async () => {
    const drive = await addDrive(server, { name: newName(), path: root });
    const problems = await Promise.all(
      [{ fileOwner: 'nobody-of-this-name' }, { fileGroup: 'nobody-of-this-name' }].map(
        async (settings) => readProblem(await patchDrive(server, drive.id, { settings })),
      ),
    );

    expect(problems.map(({ code, errors }) => [code, errors?.[0]?.pointer])).toEqual([
      ['drives.unknown_owner', '#/settings/fileOwner'],
      ['drives.unknown_owner', '#/settings/fileGroup'],
    ]);
  });
});

describeNeeding('root', 'the owner of new files', () => {
  it('should be as the drive says, by name or number, with its mode', async () => {
    await chown(root, 0, 0);
    const settings = { fileOwner: 'daemon', fileGroup: '4712', fileMode: '0664' };
    const drive = await addDrive(server, { name: newName(), path: root, settings });
    await upload(server, { name: 'a.txt', query: `?driveId=${drive.id}` });
    await patchDrive(server, drive.id, { settings: { fileOwner: null, fileMode: '600' } });
    await upload(server, { name: 'b.txt', query: `?driveId=${drive.id}` });
    const [first, second] = await Promise.all(
      ['a.txt', 'b.txt'].map((name) => stat(path.join(root, name))),
    );

    expect([first?.uid, first?.gid, (first?.mode ?? 0) & 0o777]).toEqual([1, 4712, 0o664]);
    expect([second?.uid, second?.gid, (second?.mode ?? 0) & 0o777]).toEqual([0, 4712, 0o600]);
  });
});

describe('forgetting a drive', () => {
  it('should leave the disk as it is, and know nothing of it any more', async () => {
    await writeFile(path.join(root, 'a.txt'), 'content');
    const drive = await addDrive(server, { name: newName(), path: root });
    const file = await upload(server, { name: 'b.txt', query: `?driveId=${drive.id}` });
    const before = (await readdir(root)).sort();
    const answer = await deleteDrive(server, drive.id);
    const metadata = await fetch(`${server.url}/api/v1/files/${file.id}/metadata`);

    expect([answer.status, metadata.status]).toEqual([204, 404]);
    expect((await readdir(root)).sort()).toEqual(before);
    expect(existsSync(path.join(root, '.homeserver', 'drive.json'))).toBe(true);
    expect((await auditTypes())[0]).toBe(`homeserver.drive.forgotten ${drive.name}`);
    await eventually(async () => {
      const { items } = await read(server, '/api/v1/jobs', jobPageSchema);
      const job = items.find(({ kind, driveId }) => kind === 'forget' && driveId === drive.id);
      expect(job?.state).toBe('done');
    });
    expect(
      await query(server.database.url, `select id from file_metadata where drive_id = $1`, [
        drive.id,
      ]),
    ).toEqual([]);
  });

  it('should be the same drive again when it is added again', async () => {
    const drive = await addDrive(server, { name: newName(), path: root });
    await deleteDrive(server, drive.id);
    const again = await eventually(() => addDrive(server, { name: newName(), path: root }));

    expect(again.id).toBe(drive.id);
    expect(again.rootFolderId).not.toBe(drive.rootFolderId);
  });

  it('should refuse the default drive and personal ones', async () => {
    const drives = await readDrives(server);
    const kept = drives.filter(({ name, ownerId }) => name === 'Files' || ownerId !== null);
    const codes = await Promise.all(
      kept.map(async ({ id }) => (await readProblem(await deleteDrive(server, id))).code),
    );

    expect(new Set(codes)).toEqual(new Set(['drives.is_default', 'drives.is_personal']));
  });

  it('should not find what is no drive', async () => {
    const id = '0198c0dd-9999-7c5b-9a51-0d5a3b1f2e4c';

    expect((await deleteDrive(server, id)).status).toBe(404);
    expect((await patchDrive(server, id, { name: 'x' })).status).toBe(404);
  });
});

describe('who may change drives', () => {
  it('should be administrators who have proved a moment ago who they are', async () => {
    const member = await Person.arrive(server, 'plain');
    const administrator = await makePerson(server);
    await query(server.database.url, `update users set role = 'admin' where id = $1`, [
      administrator.id,
    ]);
    await ageSignIn(server, administrator);
    const drive = { name: newName(), path: root };
    const [refused, unproved] = [
      await member.call('POST', '/api/v1/drives', drive),
      await administrator.browser.call('POST', '/api/v1/drives', drive),
    ];

    expect([refused.status, unproved.status]).toEqual([403, 403]);
    expect(await readdir(root)).toEqual([]);
  });
});
