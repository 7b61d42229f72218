import { constants } from 'node:fs';
import type * as FileSystem from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

/**
 * Filesystems that few machines can mount for a test, imitated over one that has all: exFAT has no
 * links, those of macOS and Windows take `a` and `A` for one name.
 */
const actual: typeof FileSystem = { ...(await import('node:fs/promises')) };
const usual = {
  hasLinks: true,
  isCaseSensitive: true,
  doesRenameFail: false,
  sharesBlocks: false,
};
const imitated = { ...usual };

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code });
}

/** The entry that the filesystem takes a name for. The folder may be given by a descriptor that holds it. */
async function entryOf<Name extends string | Buffer>(place: Name): Promise<Name | string> {
  if (imitated.isCaseSensitive || typeof place !== 'string') return place;
  const folder = await actual.realpath(path.dirname(place));
  const base = path.basename(place);
  const names = await actual.readdir(folder);
  return path.join(folder, names.find((name) => name.toLowerCase() === base.toLowerCase()) ?? base);
}

async function isThere(place: string | Buffer): Promise<boolean> {
  return actual.lstat(place).then(
    () => true,
    () => false,
  );
}

jest.unstable_mockModule('node:fs/promises', () => ({
  ...actual,
  link: async (from: string | Buffer, to: string | Buffer) => {
    const source = await entryOf(from);
    const target = await entryOf(to);
    await actual.lstat(source);
    // As Linux does it: whether the name is taken is looked at before whether links can be made.
    if (await isThere(target)) throw systemError('EEXIST');
    if (!imitated.hasLinks) throw systemError('EPERM');
    await actual.link(source, target);
  },
  rename: async (from: string | Buffer, to: string | Buffer) => {
    if (imitated.doesRenameFail) throw systemError('EIO');
    const source = await entryOf(from);
    const target = await entryOf(to);
    await actual.rename(source, source === target ? to : target);
  },
  copyFile: async (from: string, to: string, mode: number) => {
    const wantsClone = (mode & constants.COPYFILE_FICLONE_FORCE) !== 0;
    await actual.copyFile(
      from,
      to,
      imitated.sharesBlocks && wantsClone ? constants.COPYFILE_EXCL : mode,
    );
  },
  mkdir: async (place: string, how: number | { recursive: true }) =>
    actual.mkdir(typeof how === 'number' ? await entryOf(place) : place, how),
  rmdir: async (place: string) => actual.rmdir(await entryOf(place)),
  symlink: async (to: string, place: string) => actual.symlink(to, await entryOf(place)),
  lstat: async (place: string, options?: { bigint: true }) =>
    actual.lstat(await entryOf(place), options),
  unlink: async (place: string) => actual.unlink(await entryOf(place)),
  open: async (place: string, flags: string | number, mode?: number) =>
    actual.open(await entryOf(place), flags, mode),
}));

const { describeDriveStorage, readAll, stage } = await import('./drive-storage.contract');
const { PosixDriveStorage } = await import('./posix-drive-storage.adapter');

async function makeDrive(traits: Partial<typeof imitated>) {
  Object.assign(imitated, usual, traits);
  const root = await actual.mkdtemp(path.join(tmpdir(), 'homeserver-drive-'));
  const storage = new PosixDriveStorage('Files', root);
  await storage.prepare();
  return {
    root,
    storage,
    makeFolder: async (name: string) => {
      await actual.mkdir(path.join(root, name));
    },
    putFile: (place: string, content: Buffer) => actual.writeFile(path.join(root, place), content),
    close: () => actual.rm(root, { recursive: true, force: true }),
  };
}

type Drive = Awaited<ReturnType<typeof makeDrive>>;

describeDriveStorage('a filesystem without links', { hasLinks: false }, () =>
  makeDrive({ hasLinks: false }),
);
describeDriveStorage('a filesystem that ignores case', { hasLinks: true }, () =>
  makeDrive({ isCaseSensitive: false }),
);
describeDriveStorage('a filesystem that ignores case and has no links', { hasLinks: false }, () =>
  makeDrive({ hasLinks: false, isCaseSensitive: false }),
);

describeDriveStorage('a filesystem that shares blocks and has no links', { hasLinks: false }, () =>
  makeDrive({ hasLinks: false, sharesBlocks: true }),
);

describe('PosixDriveStorage on other filesystems', () => {
  let drive: Drive;

  beforeEach(async () => {
    drive = await makeDrive({});
  });

  afterEach(async () => {
    await drive.close();
  });

  const namesOnDisk = async () =>
    (await actual.readdir(drive.root)).filter((name) => name !== '.homeserver');

  it.each([true, false])(
    'should change the case of a name where case is ignored (links: %s)',
    async (hasLinks) => {
      Object.assign(imitated, { hasLinks, isCaseSensitive: false });
      await drive.putFile('letter.txt', Buffer.from('content'));
      await drive.storage.move('letter.txt', 'Letter.TXT');

      expect(await namesOnDisk()).toEqual(['Letter.TXT']);
      expect((await readAll(drive.storage, 'Letter.TXT')).toString()).toBe('content');
    },
  );

  it('should take a name for taken that differs in case alone where case is ignored', async () => {
    Object.assign(imitated, { isCaseSensitive: false });
    await drive.putFile('letter.txt', Buffer.from('mine'));
    await stage(drive.storage, 'staged', Buffer.from('theirs'));

    await expect(drive.storage.publish('staged', 'LETTER.TXT')).rejects.toThrow('LETTER.TXT');
    expect((await readAll(drive.storage, 'letter.txt')).toString()).toBe('mine');
  });

  it('should leave no empty file behind when the rename over the reserved name fails', async () => {
    Object.assign(imitated, { hasLinks: false, doesRenameFail: true });
    await stage(drive.storage, 'staged', Buffer.from('x'));

    await expect(drive.storage.publish('staged', 'a.txt')).rejects.toThrow();
    expect(await namesOnDisk()).toEqual([]);
    expect(await drive.storage.statStaged('staged')).toMatchObject({ size: 1 });
  });

  it('should never be without the name when a file is replaced where blocks are shared', async () => {
    Object.assign(imitated, { hasLinks: false, sharesBlocks: true });
    await drive.putFile('a.txt', Buffer.from('earlier'));
    await stage(drive.storage, 'new', Buffer.from('later'));
    const kept = '.homeserver/versions/of-one/first';
    // No rename takes the name away first: one that fails leaves it.
    Object.assign(imitated, { doesRenameFail: true });
    await expect(drive.storage.replace('new', 'a.txt', kept)).rejects.toThrow();
    expect((await readAll(drive.storage, 'a.txt')).toString()).toBe('earlier');
    expect(await drive.storage.stat(kept)).toBeNull();

    Object.assign(imitated, { doesRenameFail: false });
    expect(await drive.storage.replace('new', 'a.txt', kept)).toMatchObject({ size: 7 });
    expect((await readAll(drive.storage, 'a.txt')).toString()).toBe('later');
    expect((await readAll(drive.storage, kept)).toString()).toBe('earlier');
    expect(await drive.storage.listStaged()).toEqual([]);
  });

  it.each(['publish', 'move'] as const)(
    'should take no name for taken that a crash left reserved when it does %s again',
    async (step) => {
      Object.assign(imitated, { hasLinks: false });
      await stage(drive.storage, 'staged', Buffer.from('content'));
      await drive.putFile('old.txt', Buffer.from('content'));
      await drive.putFile('a.txt', Buffer.alloc(0));
      const take = (attempt: 'first' | 'again') =>
        step === 'publish'
          ? drive.storage.publish('staged', 'a.txt', attempt)
          : drive.storage.move('old.txt', 'a.txt', attempt);

      await expect(take('first')).rejects.toThrow('a.txt');
      await take('again');
      expect((await readAll(drive.storage, 'a.txt')).toString()).toBe('content');
    },
  );

  it.each([
    ['it has bytes', { hasLinks: false }, 'theirs'],
    ['links show that nothing was ever reserved', { hasLinks: true }, ''],
  ])('should keep a file that bears the name when %s', async (_, traits, content) => {
    Object.assign(imitated, traits);
    await stage(drive.storage, 'staged', Buffer.from('content'));
    await drive.putFile('a.txt', Buffer.from(content));

    await expect(drive.storage.publish('staged', 'a.txt', 'again')).rejects.toThrow('a.txt');
    expect((await readAll(drive.storage, 'a.txt')).toString()).toBe(content);
    expect((await drive.storage.listStaged()).map(({ stagedName }) => stagedName)).toEqual([
      'staged',
    ]);
  });
});
