import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../test/capabilities';
import { nameOfBytes } from '../../platform/filesystem/name-bytes';
import { PathTakenError } from './drive-storage';
import {
  describeDriveStorage,
  type DriveUnderTest,
  missing,
  readAll,
  stage,
} from './drive-storage.contract';
import { PosixDriveStorage } from './posix-drive-storage.adapter';
import type { PartStart } from './staged-part-writer';

const offline = expect.objectContaining({ code: 'drives.offline', status: 503 });
const full = expect.objectContaining({ code: 'drives.full', status: 507 });

async function openDrive(root: string): Promise<DriveUnderTest & { storage: PosixDriveStorage }> {
  const storage = new PosixDriveStorage('Files', root);
  await storage.prepare();
  return {
    storage,
    makeFolder: async (name) => {
      await mkdir(path.join(root, name));
    },
    putFile: (place, content) => writeFile(path.join(root, place), content),
    close: () => rm(root, { recursive: true, force: true }),
  };
}

describeDriveStorage('a folder', { hasLinks: true }, async () =>
  openDrive(await mkdtemp(path.join(tmpdir(), 'homeserver-drive-'))),
);

describe('PosixDriveStorage', () => {
  let parent: string;
  let root: string;
  let outside: string;
  let storage: PosixDriveStorage;

  beforeEach(async () => {
    parent = await mkdtemp(path.join(tmpdir(), 'homeserver-drive-'));
    root = path.join(parent, 'drive');
    outside = path.join(parent, 'outside');
    await mkdir(outside);
    await writeFile(path.join(outside, 'secret.txt'), 'not of this drive');
    await mkdir(root);
    storage = (await openDrive(root)).storage;
  });

  afterEach(async () => {
    await rm(parent, { recursive: true });
  });

  const at = (...names: string[]) => path.join(root, ...names);

  describe('with a symbolic link on the drive', () => {
    it('should not read through it when it is the file', async () => {
      await symlink(path.join(outside, 'secret.txt'), at('link.txt'));

      await expect(storage.open('link.txt')).rejects.toThrow(missing);
      expect(await storage.stat('link.txt')).toBeNull();
    });

    it('should not read through it when small files are read together', async () => {
      await symlink(outside, at('link'));
      const names = ['secret.txt', 'b.txt', 'c.txt', 'd.txt'];
      for (const name of names) await writeFile(path.join(outside, name), 'not of this drive');
      for (const name of names) await symlink(path.join(outside, name), at(name));

      const paths = [...names.map((name) => `link/${name}`), ...names];
      const files = await Promise.all(paths.map((place) => storage.readSmall(place)));
      expect(files).toEqual(paths.map(() => null));
    });

    it('should do nothing beyond it when it is a folder of the path', async () => {
      await symlink(outside, at('link'));
      await stage(storage, 'staged', Buffer.from('x'));
      await writeFile(at('a.txt'), 'content');

      await expect(storage.open('link/secret.txt')).rejects.toThrow(missing);
      expect(await storage.stat('link/secret.txt')).toBeNull();
      await expect(storage.publish('staged', 'link/new.txt')).rejects.toThrow(missing);
      await expect(storage.move('a.txt', 'link/a.txt')).rejects.toThrow(missing);
      await expect(storage.move('link/secret.txt', 'b.txt')).rejects.toThrow(missing);
      await storage.remove('link/secret.txt');
      expect(await readdir(outside)).toEqual(['secret.txt']);
      expect(await readFile(at('a.txt'), 'utf8')).toBe('content');
    });

    it('should not write through it when it bears the final name', async () => {
      await symlink(path.join(outside, 'made.txt'), at('a.txt'));
      await stage(storage, 'staged', Buffer.from('x'));

      await expect(storage.publish('staged', 'a.txt')).rejects.toThrow(PathTakenError);
      expect(await readdir(outside)).toEqual(['secret.txt']);
    });

    it('should remove the link, and not what it leads to', async () => {
      await symlink(path.join(outside, 'secret.txt'), at('link.txt'));
      await storage.remove('link.txt');

      expect(await readFile(path.join(outside, 'secret.txt'), 'utf8')).toBe('not of this drive');
    });

    it('should not stage through it when it stands in place of the staging folder', async () => {
      await rm(at('.homeserver'), { recursive: true });
      await mkdir(path.join(outside, 'staging'));
      await symlink(outside, at('.homeserver'));

      await expect(storage.stage('staged')).rejects.toThrow(offline);
      expect(await readdir(path.join(outside, 'staging'))).toEqual([]);
    });

    it('should not write through a link in place of a staged file', async () => {
      await symlink(path.join(outside, 'made.txt'), at('.homeserver', 'staging', 'staged'));

      await expect(storage.stage('staged')).rejects.toThrow();
      expect(await readdir(outside)).toEqual(['secret.txt']);
    });

    it('should never lead out when a folder is swapped for a link over and over while files are published', async () => {
      await mkdir(at('folder'));
      await symlink(outside, at('link'));
      let isSwapping = true;
      const swapping = (async () => {
        while (isSwapping) {
          await rename(at('folder'), at('aside'));
          await rename(at('link'), at('folder'));
          await rename(at('folder'), at('link'));
          await rename(at('aside'), at('folder'));
        }
      })();
      for (let index = 0; index < 150; index += 1) {
        await stage(storage, `staged-${index}`, Buffer.from('x'));
        // Published, or refused where the link stood: either is right.
        await storage.publish(`staged-${index}`, `folder/${index}.txt`).catch(() => undefined);
        await storage.stat('folder/secret.txt').then((found) => expect(found).toBeNull());
        await storage.remove('folder/secret.txt');
      }
      isSwapping = false;
      await swapping;

      expect(await readdir(outside)).toEqual(['secret.txt']);
    });
  });

  describe('with something else than a file on the drive', () => {
    it('should not wait for a writer when it is a pipe', async () => {
      execFileSync('mkfifo', [at('pipe')]);

      await expect(storage.open('pipe')).rejects.toThrow(missing);
      expect(await storage.stat('pipe')).toBeNull();
      await expect(storage.move('pipe', 'b')).rejects.toThrow(missing);
    });

    it('should take a socket for no file, and not for a drive that is away', async () => {
      const server = createServer().listen(at('socket'));
      await expect(storage.open('socket')).rejects.toThrow(missing);
      expect(await storage.stat('socket')).toBeNull();
      server.close();
    });
  });

  it('should keep both names of a file that has two when it is moved', async () => {
    await writeFile(at('a.txt'), 'content');
    await link(at('a.txt'), at('mine.txt'));
    await storage.move('a.txt', 'b.txt');

    expect((await readdir(root)).sort()).toEqual(['.homeserver', 'b.txt', 'mine.txt']);
  });

  it('should finish a move that was broken off between its two steps', async () => {
    await writeFile(at('a.txt'), 'content');
    await link(at('a.txt'), at('b.txt'));
    await storage.move('a.txt', 'b.txt');

    expect((await readdir(root)).sort()).toEqual(['.homeserver', 'b.txt']);
    expect((await readAll(storage, 'b.txt')).toString()).toBe('content');
  });

  it('should not gather a whole write in memory when the bytes come one by one', async () => {
    const writer = await storage.stage('trickle');
    for (let count = 0; count < 200; count += 1) {
      await new Promise((taken) => writer.write(Buffer.from('x'), taken));
    }

    expect((await storage.statStaged('trickle'))?.size).toBeGreaterThanOrEqual(128);
    writer.destroy();
    await once(writer, 'close');
  });

  it('should keep what is staged from other users, and let them read what is published', async () => {
    await stage(storage, 'staged', Buffer.from('x'));
    await storage.publish('staged', 'a.txt');

    expect((await stat(at('.homeserver', 'staging'))).mode & 0o077).toBe(0);
    expect((await stat(at('a.txt'))).mode & 0o777).toBe(0o644);
  });

  it('should do with names that are no UTF-8 what it does with others', async () => {
    const bytes = Buffer.from('caf\xe9', 'latin1');
    const name = nameOfBytes(bytes);
    await mkdir(Buffer.concat([Buffer.from(`${root}/`), bytes]));
    await writeFile(
      Buffer.concat([Buffer.from(`${root}/`), bytes, Buffer.from('/a.txt')]),
      'content',
    );

    expect((await readAll(storage, `${name}/a.txt`)).toString()).toBe('content');
    await storage.move(`${name}/a.txt`, `${name}/${name}`);
    await storage.moveFolder(name, 'coffee');
    expect(await readdir(at('coffee'), { encoding: 'buffer' })).toEqual([bytes]);
    await storage.moveFolder('coffee', name);
    await storage.discardFolder(name, 'gone');
    await storage.removeDiscarded('gone', new AbortController().signal, () => undefined);
    expect(await readdir(root)).toEqual(['.homeserver']);
  });

  it('should make nothing through a link that stands in place of a folder', async () => {
    await mkdir(at('album'));
    await symlink(outside, at('way-out'));

    await expect(storage.makeFolder('way-out/inner')).rejects.toThrow(missing);
    await expect(storage.moveFolder('album', 'way-out/album')).rejects.toThrow(missing);
    await expect(storage.moveFolder('way-out', 'way-in')).rejects.toThrow(missing);
    await expect(storage.makeLink('way-out/link', 'x')).rejects.toThrow(missing);
    expect(await readdir(outside)).toEqual(['secret.txt']);
  });

  it('should list what is staged, with its time, and nothing else', async () => {
    await stage(storage, 'staged', Buffer.from('x'));
    await mkdir(at('.homeserver', 'staging', 'folder'));
    const place = at('.homeserver', 'staging', 'staged');
    const { ctime } = await lstat(place);

    expect(await storage.listStaged()).toEqual([{ stagedName: 'staged', changedAt: ctime }]);
  });

  it('should tell how far a part is on the disk while more comes, and end when that cannot be kept', async () => {
    const pieces = () => Readable.from(Array.from({ length: 140 }, () => Buffer.alloc(1_000_000)));
    const start = (onSynced: PartStart['onSynced']): PartStart => ({
      ...{ position: 0, limit: 1_000_000_000, hashes: [] },
      beforeWrite: async () => undefined,
      onSynced,
    });
    const synced: number[] = [];
    const told = start(async (position) => void synced.push(position));
    await pipeline(pieces(), await storage.stagePart('part', told));
    expect(synced.length).toBeGreaterThan(0);
    expect([...synced].sort((one, other) => one - other)).toEqual(synced);

    const lost = start(() => Promise.reject(new Error('The database is away.')));
    const writer = await storage.stagePart('part', lost);
    await expect(pipeline(pieces(), writer)).rejects.toThrow('The database is away.');
  });

  describe('when the drive is away', () => {
    const four = (call: (name: string) => Promise<unknown>) =>
      Promise.all(['a', 'b', 'c', 'd'].map(call));

    it.each<[string, (away: PosixDriveStorage) => Promise<unknown>]>([
      ['space', (away) => away.space()],
      ['stage', (away) => away.stage('x')],
      ['stageSmall', (away) => away.stageSmall('x', Buffer.from('x'))],
      ['stageSmall of many', (away) => four((name) => away.stageSmall(name, Buffer.from('x')))],
      ['statStaged', (away) => away.statStaged('x')],
      ['removeStaged', (away) => away.removeStaged('x')],
      ['listStaged', (away) => away.listStaged()],
      ['publish', (away) => away.publish('x', 'a.txt')],
      ['publishAndUnstage of many', (away) => four((name) => away.publishAndUnstage(name, name))],
      ['stat', (away) => away.stat('a.txt')],
      ['open', (away) => away.open('a.txt')],
      ['move', (away) => away.move('a.txt', 'b.txt')],
      ['remove', (away) => away.remove('a.txt')],
      ['look', (away) => away.look('a.txt')],
      ['makeFolder', (away) => away.makeFolder('album')],
      ['makeLink', (away) => away.makeLink('link', 'a.txt')],
      ['moveFolder', (away) => away.moveFolder('album', 'pictures')],
      ['removeEmptyFolder', (away) => away.removeEmptyFolder('album')],
      ['discardFolder', (away) => away.discardFolder('album', 'gone')],
      ['listDiscarded', (away) => away.listDiscarded()],
      [
        'removeDiscarded',
        (away) => away.removeDiscarded('gone', new AbortController().signal, () => undefined),
      ],
      ['open in a folder', (away) => away.open('folder/a.txt')],
    ])('should say so, and make nothing: %s', async (_what, call) => {
      await rm(root, { recursive: true });

      await expect(call(storage)).rejects.toThrow(offline);
      expect((await readdir(parent)).sort()).toEqual(['outside']);
    });

    it('should not stage on the empty folder that an unmounted disk leaves', async () => {
      await rm(at('.homeserver'), { recursive: true });

      await expect(storage.stage('x')).rejects.toThrow(offline);
      expect(await readdir(root)).toEqual([]);
    });
  });
});

describeNeeding('mount', 'PosixDriveStorage on a small disk', () => {
  let root: string;
  let storage: PosixDriveStorage;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'homeserver-small-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,nr_inodes=20', 'tmpfs', root]);
    storage = (await openDrive(root)).storage;
  });

  afterEach(async () => {
    execFileSync('umount', [root]);
    await rm(root, { recursive: true });
  });

  it('should say that it is full, and have the space again when the staged file is removed', async () => {
    const { freeBytes: before } = await storage.space();

    await expect(stage(storage, 'large', randomBytes(4_000_000))).rejects.toThrow(full);
    await storage.removeStaged('large');
    expect((await storage.space()).freeBytes).toBe(before);
    expect((await stage(storage, 'small', randomBytes(100_000))).size).toBe(100_000);
  });

  it('should say that it is full when there is room for bytes but none for another file', async () => {
    const attempts = Array.from({ length: 30 }, (_, index) => `staged-${index}`);
    const fill = async () => {
      for (const stagedName of attempts) await stage(storage, stagedName, Buffer.from('x'));
    };

    await expect(fill()).rejects.toThrow(full);
  });

  it('should say that it is away when the disk was unmounted', async () => {
    await stage(storage, 'staged', Buffer.from('x'));
    execFileSync('umount', [root]);
    try {
      await expect(storage.publish('staged', 'a.txt')).rejects.toThrow(offline);
      expect(await readdir(root)).toEqual([]);
    } finally {
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', root]);
    }
  });

  describe('with another one mounted in a folder', () => {
    const disk = () => path.join(root, 'album', 'a disk');

    beforeEach(async () => {
      await mkdir(disk(), { recursive: true });
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', disk()]);
      await writeFile(path.join(disk(), 'kept.txt'), 'kept');
    });

    afterEach(() => {
      for (const place of [disk(), path.join(root, '.homeserver/removed/gone/a disk')])
        try {
          execFileSync('umount', [place], { stdio: 'ignore' });
        } catch {
          // It is the other one.
        }
    });

    const mounted = expect.objectContaining({ code: 'files.is_mount', status: 409 });
    const isKept = async () => expect(await readdir(disk())).toEqual(['kept.txt']);

    it.each(['album', 'album/a disk'])('should neither move nor discard %s', async (folder) => {
      await expect(storage.moveFolder(folder, 'pictures')).rejects.toThrow(mounted);
      await expect(storage.discardFolder(folder, 'gone')).rejects.toThrow(mounted);
      await isKept();
      expect(await readdir(root)).not.toContain('pictures');
    });

    it('should move no folder onto it, or from it', async () => {
      await mkdir(path.join(root, 'own'));
      await mkdir(path.join(disk(), 'theirs'));
      const other = expect.objectContaining({ code: 'drives.other_filesystem', status: 409 });

      await expect(storage.moveFolder('own', 'album/a disk/own')).rejects.toThrow(other);
      await expect(storage.moveFolder('album/a disk/theirs', 'theirs')).rejects.toThrow(other);
      await expect(storage.discardFolder('album/a disk/theirs', 'gone')).rejects.toThrow(other);
      expect((await readdir(disk())).sort()).toEqual(['kept.txt', 'theirs']);
      expect((await readdir(root)).sort()).toEqual(['.homeserver', 'album', 'own']);
    });

    it('should remove nothing of it when it lies in a folder that was discarded', async () => {
      // As somebody mounts it in the moment between.
      await rename(path.join(root, 'album'), path.join(root, '.homeserver/removed/gone'));
      const removal = storage.removeDiscarded(
        'gone',
        new AbortController().signal,
        () => undefined,
      );

      await expect(removal).rejects.toThrow(mounted);
      expect(await readdir(path.join(root, '.homeserver/removed/gone/a disk'))).toEqual([
        'kept.txt',
      ]);
    });
  });

  it('should leave a file on another filesystem alone when it is asked to move it there', async () => {
    await mkdir(path.join(root, 'disk'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', path.join(root, 'disk')]);
    try {
      await writeFile(path.join(root, 'a.txt'), 'content');
      await expect(storage.move('a.txt', 'disk/a.txt')).rejects.toThrow(
        expect.objectContaining({ code: 'drives.other_filesystem', status: 409 }),
      );
      expect(await readFile(path.join(root, 'a.txt'), 'utf8')).toBe('content');
      expect(await readdir(path.join(root, 'disk'))).toEqual([]);
    } finally {
      execFileSync('umount', [path.join(root, 'disk')]);
    }
  });
});
