import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { type Drive, type DriveState, eventPageSchema } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../../test/capabilities';
import { DiskImage } from '../../test/disk-image';
import { addDrive, deleteDrive, readDrive } from '../../test/drives-client';
import { eventually } from '../../test/eventually';
import { postUpload, read, readProblem, upload } from '../../test/files-client';
import { startTestApp, type TestApp } from '../../test/test-app';

let server: TestApp;
let parent: string;
let made = 0;

beforeAll(async () => {
  server = await startTestApp();
});

afterAll(async () => {
  await server.close();
});

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'homeserver-states-'));
});

afterEach(async () => {
  await rm(parent, { recursive: true });
});

function newName(): string {
  made += 1;
  return `Drive ${made}`;
}

/** What became of a drive, in the order of the events. */
async function transitionsOf({ id }: Drive): Promise<string[]> {
  const types = ['online', 'offline', 'replaced'].map((state) => `homeserver.drive.${state}`);
  const url = `/api/v1/events?after=0&limit=1000&types=${types.join(',')}`;
  const { items } = await read(server, url, eventPageSchema);
  return items
    .filter(({ subject }) => subject === `drives/${id}`)
    .map(({ type }) => type.slice('homeserver.drive.'.length));
}

/** Waits for the event, asking nothing of the drive: it has to notice by itself. */
async function noticed(drive: Drive, transitions: readonly DriveState[]): Promise<void> {
  await eventually(async () => expect(await transitionsOf(drive)).toEqual(transitions));
}

describe('a drive in a folder', () => {
  it('should get its marker again when somebody has removed it', async () => {
    const drive = await addDrive(server, { name: newName(), path: parent });
    await rm(path.join(parent, '.homeserver'), { recursive: true });
    await upload(server, { name: 'a.txt', query: `?driveId=${drive.id}` });
    const marker: unknown = JSON.parse(
      await readFile(path.join(parent, '.homeserver', 'drive.json'), 'utf8'),
    );

    expect(marker).toEqual({ id: drive.id });
    expect(await transitionsOf(drive)).toEqual([]);
    await deleteDrive(server, drive.id);
  });

  it('should be another one when it bears another marker', async () => {
    const drive = await addDrive(server, { name: newName(), path: parent });
    await writeFile(
      path.join(parent, '.homeserver', 'drive.json'),
      JSON.stringify({ id: '0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c' }),
    );
    const answer = await postUpload(server, { name: 'a.txt', query: `?driveId=${drive.id}` });

    expect((await readProblem(answer)).code).toBe('drives.offline');
    expect(await readDrive(server, drive.id)).toMatchObject({
      state: 'replaced',
      freeBytes: null,
      totalBytes: null,
    });
    await deleteDrive(server, drive.id);
  });

  it('should be away when it is gone', async () => {
    const root = path.join(parent, 'root');
    await mkdir(root);
    const drive = await addDrive(server, { name: newName(), path: root, readOnly: true });
    await rm(root, { recursive: true });

    expect(await readDrive(server, drive.id)).toMatchObject({ state: 'offline' });
    await noticed(drive, ['offline']);
    await deleteDrive(server, drive.id);
  });
});

describeNeeding('disk-image', 'a drive on a disk of its own', () => {
  let root: string;
  let disk: DiskImage;
  let other: DiskImage;

  beforeEach(async () => {
    root = path.join(parent, 'mount');
    await mkdir(root);
    disk = new DiskImage('ext4');
    // A disk that was made in another second: ext4 keeps the birth of its root in seconds.
    other = new DiskImage('ext4', 24 * 1024 * 1024, new Date('2001-09-09'));
    disk.mount(root);
  });

  afterEach(() => {
    disk.remove();
    other.remove();
  });

  it('should notice by itself when it is unplugged, replaced and plugged in again, and say it once', async () => {
    const second = await startTestApp({}, server);
    const drive = await addDrive(server, { name: newName(), path: root });
    const file = await upload(server, { name: 'a.txt', query: `?driveId=${drive.id}` });
    const download = async () => fetch(`${server.url}/api/v1/files/${file.id}/download`);
    const refusal = async () =>
      (
        await readProblem(
          await postUpload(server, { name: 'b.txt', query: `?driveId=${drive.id}` }),
        )
      ).code;
    try {
      disk.unmount();
      expect([await refusal(), (await download()).status]).toEqual(['drives.offline', 503]);
      await noticed(drive, ['offline']);
      expect(await readDrive(server, drive.id)).toMatchObject({
        state: 'offline',
        freeBytes: null,
      });
      expect(await readdir(root)).toEqual([]);

      other.mount(root);
      await noticed(drive, ['offline', 'replaced']);
      expect([await refusal(), (await download()).status]).toEqual(['drives.offline', 503]);
      expect(await readdir(root)).toEqual(['lost+found']);

      other.unmount();
      disk.mount(root);
      await eventually(async () => expect((await transitionsOf(drive)).at(-1)).toBe('online'));
      expect(await (await download()).text()).toBe('content');
      await upload(server, { name: 'b.txt', query: `?driveId=${drive.id}` });
    } finally {
      await second.stop();
    }
    expect((await transitionsOf(drive)).filter((state) => state === 'online')).toHaveLength(1);
    await deleteDrive(server, drive.id);
  });

  it('should write no marker to a disk that might as well be another when it bears none', async () => {
    const twin = new DiskImage('ext4', 24 * 1024 * 1024, new Date('2001-09-09'));
    try {
      disk.unmount();
      other.mount(root);
      const drive = await addDrive(server, { name: newName(), path: root });
      other.unmount();
      twin.mount(root);

      expect((await readDrive(server, drive.id)).state).toBe('replaced');
      expect(await readdir(root)).toEqual(['lost+found']);
      await deleteDrive(server, drive.id);
    } finally {
      twin.remove();
    }
  });

  it('should tell the disk from others when it is never written to', async () => {
    const drive = await addDrive(server, { name: newName(), path: root, readOnly: true });
    // A look that began before may be told of yet.
    const becomes = (state: DriveState) =>
      eventually(async () => expect((await readDrive(server, drive.id)).state).toBe(state));
    disk.unmount();
    await becomes('offline');
    other.mount(root);
    await becomes('replaced');
    other.unmount();
    disk.mount(root);
    await becomes('online');

    expect(await readdir(root)).toEqual(['lost+found']);
    await deleteDrive(server, drive.id);
  });

  it('should write no marker into the folder that its disk was mounted on', async () => {
    const drive = await addDrive(server, { name: newName(), path: root });
    disk.unmount();
    await writeFile(path.join(root, 'put here by somebody'), '');
    await noticed(drive, ['offline']);
    const states: DriveState[] = [];
    for (let look = 0; look < 3; look += 1) states.push((await readDrive(server, drive.id)).state);

    expect(states).toEqual(['offline', 'offline', 'offline']);
    expect(await readdir(root)).toEqual(['put here by somebody']);
    await deleteDrive(server, drive.id);
  });

  it('should know at its start that a disk is away', async () => {
    const first = await startTestApp();
    const drive = await addDrive(first, { name: newName(), path: root });
    await first.stop();
    disk.unmount();
    const again = await startTestApp({}, first);
    try {
      expect((await readDrive(again, drive.id)).state).toBe('offline');
      expect(await readdir(root)).toEqual([]);
      disk.mount(root);
      await eventually(async () => expect((await readDrive(again, drive.id)).state).toBe('online'));
    } finally {
      await again.close();
    }
  });
});

describeNeeding('exfat', 'a drive on a disk that hangs', () => {
  it('should be away, and keep nobody waiting, until the disk answers again', async () => {
    const root = path.join(parent, 'mount');
    await mkdir(root);
    const disk = new DiskImage('exfat');
    disk.mount(root);
    const drive = await addDrive(server, { name: newName(), path: root });
    try {
      disk.hang();
      await noticed(drive, ['offline']);
      // None of these would end while the disk hangs, if it were waited for.
      expect(await readDrive(server, drive.id)).toMatchObject({
        state: 'offline',
        freeBytes: null,
      });
      const answer = await postUpload(server, { name: 'b.txt', query: `?driveId=${drive.id}` });
      expect((await readProblem(answer)).code).toBe('drives.offline');
      await upload(server, { name: 'elsewhere.txt' });

      disk.goOn();
      await eventually(async () => expect((await transitionsOf(drive)).at(-1)).toBe('online'));
      await upload(server, { name: 'b.txt', query: `?driveId=${drive.id}` });
      await deleteDrive(server, drive.id);
    } finally {
      disk.goOn();
      disk.remove();
    }
  });
});
