import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { describeNeeding } from '../../../test/capabilities';
import { type DiskFilesystem, DiskImage } from '../../../test/disk-image';
import { describeDriveStorage, type DriveUnderTest, stage } from './drive-storage.contract';
import { NewEntries } from './new-entries';
import { PosixDriveStorage } from './posix-drive-storage.adapter';

const OWNER = { uid: 4711, gid: 4712, fileMode: 0o664, folderMode: 0o2775 };

/** One disk for all tests of a group; each has a drive in a folder of its own there. */
function useDisk(filesystem: DiskFilesystem): () => string {
  let disk: DiskImage;
  let place: string;
  beforeAll(async () => {
    place = await mkdtemp(path.join(tmpdir(), 'homeserver-disk-at-'));
    disk = new DiskImage(filesystem, 64 * 1024 * 1024);
    disk.mount(place);
  });
  afterAll(async () => {
    disk.remove();
    await rm(place, { recursive: true });
  });
  return () => place;
}

async function openDrive(root: string, made = new NewEntries()): Promise<DriveUnderTest> {
  const storage = new PosixDriveStorage('Disk', root, false, made);
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

describeNeeding('disk-image', 'on ext4', () => {
  const place = useDisk('ext4');
  describeDriveStorage('ext4', { hasLinks: true }, async () =>
    openDrive(await mkdtemp(path.join(place(), 'drive-'))),
  );

  describe('new entries', () => {
    let root: string;
    let drive: DriveUnderTest;

    beforeEach(async () => {
      root = await mkdtemp(path.join(place(), 'drive-'));
      drive = await openDrive(root, new NewEntries(OWNER));
    });

    afterEach(async () => {
      await drive.close();
    });

    it('should have the owner and the mode of the drive when they are made', async () => {
      await stage(drive.storage, 'staged', Buffer.from('x'));
      await drive.storage.publish('staged', 'a.txt');
      await drive.storage.makeFolder('album');
      const [file, folder] = await Promise.all([
        stat(path.join(root, 'a.txt')),
        stat(path.join(root, 'album')),
      ]);

      expect([file.uid, file.gid, file.mode & 0o7777]).toEqual([4711, 4712, 0o664]);
      expect([folder.uid, folder.gid, folder.mode & 0o7777]).toEqual([4711, 4712, 0o2775]);
    });

    it('should keep the mode of the original, and have the owner of the drive, when they are copies', async () => {
      const writer = await drive.storage.stage('copy', {
        mode: 0o600,
        modifiedAt: new Date(1_000_000),
      });
      writer.end('x');
      await new Promise((resolve) => writer.once('close', resolve));
      await drive.storage.publish('copy', 'copy.txt');
      const { uid, mode } = await stat(path.join(root, 'copy.txt'));

      expect([uid, mode & 0o7777]).toEqual([4711, 0o600]);
    });
  });

  it('should never be written to when the drive is read only', async () => {
    const root = await mkdtemp(path.join(place(), 'drive-'));
    await writeFile(path.join(root, 'a.txt'), 'x');
    const storage = new PosixDriveStorage('Disk', root, true);
    const readOnly = expect.objectContaining({ code: 'drives.read_only', status: 403 });

    for (const change of [
      storage.stage('staged'),
      storage.stageSmall('small', Buffer.from('x')),
      storage.publish('staged', 'b.txt'),
      storage.publishAndUnstage('staged', 'b.txt'),
      storage.replace('staged', 'a.txt', '.homeserver/versions/one/first'),
      storage.move('a.txt', 'b.txt'),
      storage.remove('a.txt'),
      storage.makeFolder('album'),
    ])
      await expect(change).rejects.toThrow(readOnly);
    expect(await storage.listStaged()).toEqual([]);
    expect(await readdir(root)).toEqual(['a.txt']);
  });
});

for (const filesystem of ['vfat', 'exfat'] as const) {
  describeNeeding(filesystem, `on ${filesystem}`, () => {
    const place = useDisk(filesystem);
    const traits = { hasLinks: false, hasSymbolicLinks: false, takesAllNames: false };
    describeDriveStorage(filesystem, traits, async () =>
      openDrive(await mkdtemp(path.join(place(), 'drive-'))),
    );

    it('should say once that it has no owners, and make the files all the same', async () => {
      const refused: unknown[] = [];
      const made = new NewEntries(OWNER, (error) => refused.push(error));
      const drive = await openDrive(await mkdtemp(path.join(place(), 'drive-')), made);
      for (const name of ['one', 'two']) {
        await stage(drive.storage, name, Buffer.from(name));
        await drive.storage.publish(name, `${name}.txt`);
      }

      expect(await drive.storage.stat('two.txt')).toMatchObject({ size: 3 });
      expect(refused.length).toBeLessThanOrEqual(1);
      await drive.close();
    });
  });
}
