import { execFileSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';

import { describeNeeding } from '../../../test/capabilities';
import { DiskImage } from '../../../test/disk-image';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database';
import { uuid7 } from '../../platform/database/uuid7';
import { ChangeLog } from './change-log.repository';
import { DriveIndex } from './drive-index';
import { DriveRoot } from './drive-root.adapter';
import type { IndexedDrive } from './index-protocol';
import { IndexStore } from './index-store.repository';
import { MissingStore } from './missing-store.repository';
import { OpenFolder } from './open-folder.adapter';

const NOBODY = 65534;

describe('the index of odd disks', () => {
  let database: TestDatabase;
  let client: Client;
  let place: string;
  let drive: IndexedDrive;

  beforeAll(async () => {
    database = await createTestDatabase();
    client = new Client({ connectionString: database.url });
    await client.connect();
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });
  beforeEach(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'homeserver-odd-'));
    await chmod(place, 0o755);
    drive = {
      driveId: uuid7(),
      name: 'Odd',
      place,
      rootFolderId: uuid7(),
      excludes: [],
      showHidden: true,
      crossMounts: false,
      readOnly: true,
    };
    await client.query(
      `insert into file_metadata (id, drive_id, kind, filename, sort_key, folded_name, size, child_count, file_count,
         folder_count, upload_date, modified_at, state)
       values ($1, $2, 'folder', 'Odd', 'odd', 'odd', 0, 0, 0, 0, now(), now(), 'live')`,
      [drive.rootFolderId, drive.driveId],
    );
  });
  afterEach(() => rm(place, { recursive: true, force: true }));

  const index = (scanned = drive) => {
    const stores = {
      store: new IndexStore(client),
      missing: new MissingStore(client),
      log: new ChangeLog(client),
    };
    const hooks = { watch: null, isWanted: () => false, turn: () => undefined };
    return new DriveIndex(scanned, new DriveRoot(scanned), stores, hooks);
  };
  const scan = async (changes: Partial<IndexedDrive> = {}) => {
    const scanned = { ...drive, ...changes };
    return index(scanned).scan({
      kind: 'scan',
      drive: scanned,
      isFull: true,
      toleratedCount: null,
      cursor: null,
    });
  };
  const entries = async () => {
    const { rows } = await client.query<{ path: string; id: string; nature: string }>(
      `select entry_path(id) as path, id, nature from file_metadata
       where drive_id = $1 and parent_id is not null and state = 'live' order by 1`,
      [drive.driveId],
    );
    return rows;
  };
  const idOf = async (wanted: string) => (await entries()).find((row) => row.path === wanted)?.id;

  it('should stay in a folder that it has opened when a link is put in its place', async () => {
    await mkdir(path.join(place, 'inner'));
    await writeFile(path.join(place, 'inner', 'mine.txt'), 'x');
    const root = OpenFolder.root(place);
    const inner = root.child('inner');
    await rename(path.join(place, 'inner'), path.join(place, 'moved'));
    await symlink('/etc', path.join(place, 'inner'));

    expect(inner.names()).toEqual(['mine.txt']);
    expect(inner.stat('passwd')).toBeNull();
    expect(() => root.child('inner')).toThrow(/ENOTDIR|ELOOP/);
    inner.close();
    root.close();
  });

  it('should try a file again that could not be read when its folder is read', async () => {
    await writeFile(path.join(place, 'closed.txt'), 'x');
    await scan();
    // As the hasher says of one that it may not open.
    await client.query(
      `update file_metadata set nature = 'unreadable' where drive_id = $1 and kind = 'file'`,
      [drive.driveId],
    );
    await scan();

    expect(await entries()).toEqual([
      { path: 'closed.txt', id: expect.any(String), nature: 'plain' },
    ]);
  });

  describeNeeding('mount', 'with another filesystem below', () => {
    it('should show it, and go into it only when it is told to', async () => {
      const below = path.join(place, 'below');
      await mkdir(below);
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', below]);
      try {
        await writeFile(path.join(below, 'other.txt'), 'x');
        await scan();
        expect(await entries()).toEqual([
          { path: 'below', id: expect.any(String), nature: 'mount' },
        ]);

        await scan({ crossMounts: true });
        expect((await entries()).map(({ path: at, nature }) => `${at} ${nature}`)).toEqual([
          'below plain',
          'below/other.txt plain',
        ]);
      } finally {
        execFileSync('umount', [below]);
      }
    });
  });

  describeNeeding('exfat', 'with a filesystem of FUSE below', () => {
    it.each([false, true])(
      'should index all else when that is dead, or somebody else’s, with mounts crossed: %s',
      async (crossMounts) => {
        const below = path.join(place, 'below');
        await mkdir(below);
        await writeFile(path.join(below, 'inside.txt'), 'x');
        await scan({ crossMounts });
        const id = await idOf('below/inside.txt');
        const fuse = openSync('/dev/fuse', 'r+');
        const options = 'fd=3,rootmode=40000,user_id=0,group_id=0';
        execFileSync('mount', ['-i', '-t', 'fuse', '-o', options, 'dead', below], {
          stdio: ['ignore', 'inherit', 'inherit', fuse],
        });
        try {
          await writeFile(path.join(place, 'one.txt'), 'x');
          process.seteuid?.(NOBODY);
          await scan({ crossMounts }).finally(() => process.seteuid?.(0));
          expect(await idOf('one.txt')).toBeDefined();
          closeSync(fuse);
          await writeFile(path.join(place, 'two.txt'), 'x');
          await scan({ crossMounts });
          expect(await idOf('two.txt')).toBeDefined();
        } finally {
          execFileSync('umount', [below]);
        }
        await scan({ crossMounts });
        expect(await idOf('below/inside.txt')).toBe(id);
        expect((await entries()).map(({ nature }) => nature)).toEqual(Array(4).fill('plain'));
      },
    );
  });

  describeNeeding('root', 'as somebody who may not see all', () => {
    it('should show a folder without permission as such, and lose nothing of it', async () => {
      await mkdir(path.join(place, 'closed'));
      await writeFile(path.join(place, 'closed', 'inside.txt'), 'x');
      await scan();
      const id = await idOf('closed/inside.txt');
      await chmod(path.join(place, 'closed'), 0o700);
      await mkdir(path.join(place, 'never seen'), { mode: 0o700 });

      process.seteuid?.(NOBODY);
      try {
        await scan();
      } finally {
        process.seteuid?.(0);
      }

      expect((await entries()).map(({ path: at, nature }) => `${at} ${nature}`)).toEqual([
        'closed unreadable',
        'closed/inside.txt plain',
        'never seen unreadable',
      ]);

      await scan();
      expect(await idOf('closed/inside.txt')).toBe(id);
      expect((await entries()).map(({ nature }) => nature)).toEqual(['plain', 'plain', 'plain']);
    });
  });

  describeNeeding('root', 'as somebody who may read names, and nothing else', () => {
    it('should show a folder as one without permission when it may be listed and not searched', async () => {
      await mkdir(path.join(place, 'listed'));
      await writeFile(path.join(place, 'listed', 'inside.txt'), 'x');
      await writeFile(path.join(place, 'other.txt'), 'x');
      await scan();
      const id = await idOf('listed/inside.txt');
      await chmod(path.join(place, 'listed'), 0o744);
      await mkdir(path.join(place, 'new'));
      await writeFile(path.join(place, 'new', 'unknown.txt'), 'x');
      await chmod(path.join(place, 'new'), 0o744);
      await writeFile(path.join(place, 'third.txt'), 'x');

      process.seteuid?.(NOBODY);
      try {
        await scan();
      } finally {
        process.seteuid?.(0);
      }

      expect((await entries()).map(({ path: at, nature }) => `${at} ${nature}`)).toEqual([
        'listed unreadable',
        'listed/inside.txt plain',
        'new unreadable',
        'other.txt plain',
        'third.txt plain',
      ]);
      await scan();
      expect(await idOf('listed/inside.txt')).toBe(id);
      expect((await entries()).map(({ nature }) => nature)).toEqual(Array(6).fill('plain'));
    });
  });

  describeNeeding('root', 'as somebody who is told of what may not be seen', () => {
    it('should not look again and again when a folder changes that may not be looked into', async () => {
      await mkdir(path.join(place, 'closed'));
      await utimes(place, new Date(2020, 1), new Date(2020, 1));
      await scan();
      await chmod(path.join(place, 'closed'), 0o700);
      const folders = [{ folderId: (await idOf('closed')) ?? '', names: ['closed'] }];

      process.seteuid?.(NOBODY);
      try {
        const { busy } = await index().look({ kind: 'look', drive, folders });

        expect(busy).toEqual([]);
      } finally {
        process.seteuid?.(0);
      }
    });
  });

  for (const filesystem of ['vfat', 'exfat'] as const) {
    describeNeeding(filesystem, 'on a disk without inodes that last', () => {
      it('should keep ids when a folder is renamed, and when a file is moved', async () => {
        const disk = new DiskImage(filesystem);
        try {
          disk.mount(place);
          await mkdir(path.join(place, 'album'));
          await mkdir(path.join(place, 'other'));
          await writeFile(path.join(place, 'album', 'one.jpg'), 'one');
          await writeFile(path.join(place, 'album', 'two.jpg'), 'second');
          await scan();
          const before = await Promise.all(['album', 'album/one.jpg', 'album/two.jpg'].map(idOf));

          await rename(path.join(place, 'album'), path.join(place, 'holiday'));
          await scan();
          const after = await Promise.all(
            ['holiday', 'holiday/one.jpg', 'holiday/two.jpg'].map(idOf),
          );
          expect(after).toEqual(before);

          await rename(path.join(place, 'holiday/two.jpg'), path.join(place, 'other/two.jpg'));
          await scan();
          expect(await idOf('other/two.jpg')).toBe(before[2]);
        } finally {
          disk.remove();
        }
      });
    });
  }
});
