import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { DriveRoot } from './drive-root.adapter';
import { FolderWatch } from './folder-watch.adapter';
import type { IndexedDrive } from './index-protocol';

const WAIT_MS = 5000;

describe('what is heard of folders', () => {
  let outside: string;
  let place: string;
  let drive: IndexedDrive;
  let watch: FolderWatch;

  beforeEach(async () => {
    outside = await mkdtemp(path.join(tmpdir(), 'homeserver-watch-'));
    place = path.join(outside, 'drive');
    await mkdir(path.join(place, '.homeserver'), { recursive: true });
    await writeFile(path.join(place, '.homeserver', 'drive.json'), JSON.stringify({ id: 'mine' }));
    watch = new FolderWatch(() => undefined);
    drive = {
      driveId: 'mine',
      name: 'Watched',
      place,
      rootFolderId: 'root',
      excludes: [],
      showHidden: true,
      crossMounts: false,
      readOnly: false,
    };
  });
  afterEach(async () => {
    watch.close();
    await rm(outside, { recursive: true, force: true });
  });

  it('should hear of the file that it touches', async () => {
    expect(await watch.isAlive(new DriveRoot(drive), WAIT_MS)).toBe(true);
    expect(await watch.isAlive(new DriveRoot(drive), WAIT_MS)).toBe(true);
  });

  it('should make no file elsewhere when a link lies where that file should', async () => {
    await symlink(path.join(outside, 'made by us'), path.join(place, '.homeserver', 'sentinel'));

    await expect(watch.isAlive(new DriveRoot(drive), WAIT_MS)).rejects.toThrow(/ELOOP/);

    expect(await readdir(outside)).toEqual(['drive']);
  });

  it('should write nothing when another disk lies there', async () => {
    await writeFile(path.join(place, '.homeserver', 'drive.json'), JSON.stringify({ id: 'other' }));

    await expect(watch.isAlive(new DriveRoot(drive), WAIT_MS)).rejects.toThrow(/Another disk/);

    expect(await readdir(path.join(place, '.homeserver'))).toEqual(['drive.json']);
  });
});
