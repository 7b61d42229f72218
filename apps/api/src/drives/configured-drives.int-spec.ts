import { mkdir, mkdtemp, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import type { Drive } from '@homeserver/dto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { deleteDrive, patchDrive, readDrives } from '../../test/drives-client';
import { eventually } from '../../test/eventually';
import { startTestApp, type TestApp } from '../../test/test-app';
import { ConfigError } from '../platform/config/config-error';
import type { ConfiguredDrive } from '../platform/config/drives.config';
import { ConfiguredDrives } from './configured-drives.service';

describe('DRIVES', () => {
  /** Whose database and DATA_DIR all starts are on. */
  let first: TestApp;
  let parent: string;

  beforeAll(async () => {
    first = await startTestApp();
  });

  afterAll(async () => {
    await first.close();
  });

  beforeEach(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'homeserver-configured-'));
    await mkdir(path.join(parent, 'media'));
  });

  afterEach(async () => {
    for (const { id, settings } of await readDrives(first))
      if (settings?.path.startsWith(parent)) await deleteDrive(first, id);
    await rm(parent, { recursive: true });
  });

  const named = (name: string, folder: string, readOnly = false): ConfiguredDrive => ({
    name,
    path: path.join(parent, folder),
    readOnly,
  });

  /** Starts with these, does something, and ends. */
  async function withDrives<Result>(
    drives: ConfiguredDrive[],
    work: (server: TestApp) => Promise<Result>,
  ): Promise<Result> {
    const server = await startTestApp({ drives }, first);
    try {
      return await work(server);
    } finally {
      await server.stop();
    }
  }

  const find = async (server: TestApp, name: string): Promise<Drive | undefined> =>
    (await readDrives(server)).find((drive) => drive.name === name);

  it('should add what it names, serve it as it says, and keep what it no longer names', async () => {
    const added = await withDrives([named('Media', 'media')], (server) => find(server, 'Media'));
    const changed = await withDrives([named('Media', 'media', true)], (server) =>
      find(server, 'Media'),
    );
    const kept = await withDrives([], (server) => find(server, 'Media'));

    expect(added).toMatchObject({ readOnly: false, access: 'write', state: 'online' });
    expect(changed).toMatchObject({ id: added?.id, readOnly: true });
    expect(kept).toMatchObject({ id: added?.id, readOnly: true });
  });

  it('should leave a drive the name that an administrator gave it', async () => {
    await withDrives([named('Media', 'media')], async (server) => {
      await patchDrive(server, (await find(server, 'Media'))?.id ?? '', { name: 'Films' });
    });

    expect(
      await withDrives([named('Media', 'media')], async (server) => [
        await find(server, 'Media'),
        (await find(server, 'Films'))?.settings?.path,
      ]),
    ).toEqual([undefined, path.join(parent, 'media')]);
  });

  it('should find a drive again when its disk is mounted elsewhere', async () => {
    const before = await withDrives([named('Media', 'media')], (server) => find(server, 'Media'));
    await rename(path.join(parent, 'media'), path.join(parent, 'moved'));
    const after = await withDrives([named('Media', 'moved')], (server) => find(server, 'Media'));

    expect(after).toMatchObject({ id: before?.id, state: 'online' });
    expect(after?.settings?.path).toBe(path.join(parent, 'moved'));
  });

  it.each([
    ['a file', () => path.join(parent, 'file'), /file, not a folder/],
    ['the system’s own', () => '/proc', /system’s own/],
    ['HomeServer’s data', () => first.config.dataDir, /keeps its own data/],
    ['in another of them', () => path.join(parent, 'media', 'inner'), /“Media”/],
  ])('should stop the start by one line when a folder is %s', async (_what, place, words) => {
    await writeFile(path.join(parent, 'file'), '');
    await mkdir(path.join(parent, 'media', 'inner'));
    const wrong = { name: 'Wrong', path: place(), readOnly: false };
    const failure: unknown = await withDrives(
      [named('Media', 'media'), wrong],
      async () => null,
    ).catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(ConfigError);
    expect(String(failure)).toMatch(words);
    expect(String(failure)).toContain(`DRIVES has “Wrong=${wrong.path}”`);
    expect(String(failure)).not.toContain('\n');
  });

  it('should stop the start when the name means another folder already', async () => {
    await withDrives([named('Media', 'media')], async () => null);
    await mkdir(path.join(parent, 'second'));
    const failure: unknown = await withDrives([named('Media', 'second')], async () => null).catch(
      (error: unknown) => error,
    );

    expect(String(failure)).toContain(path.join(parent, 'media'));
    expect(await readdir(path.join(parent, 'second'))).toEqual([]);
  });

  it('should start when the link that leads to a drive leads nowhere', async () => {
    await symlink(path.join(parent, 'media'), path.join(parent, 'link'));
    await withDrives([named('Media', 'link')], async () => null);
    await rename(path.join(parent, 'media'), path.join(parent, 'away'));

    expect(
      await withDrives([named('Media', 'link')], (server) => find(server, 'Media')),
    ).toMatchObject({ state: 'offline' });
  });

  it('should start without a folder that is not there, and add it when it is', async () => {
    await withDrives([named('Later', 'later')], async (server) => {
      expect(await find(server, 'Later')).toBeUndefined();
      await mkdir(path.join(parent, 'later'));
      server.app.get(ConfiguredDrives).lookAgain();
      await eventually(async () =>
        expect(await find(server, 'Later')).toMatchObject({ state: 'online' }),
      );
    });
  });
});
