import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { type DriveStorage, PathTakenError, type StagedFile } from './drive-storage';

/** A drive of its own for each test. */
export interface DriveUnderTest {
  readonly storage: DriveStorage;
  /** Makes a folder at the root, as a person or a later version does. */
  makeFolder(name: string): Promise<void>;
  /** Puts a file there, past the storage. */
  putFile(path: string, content: Buffer): Promise<void>;
  close(): Promise<void>;
}

export interface DriveTraits {
  /** Whether a staged file keeps its staged name when it is published. */
  readonly hasLinks: boolean;
}

/** Stages content as an upload does. */
export async function stage(
  storage: DriveStorage,
  stagedName: string,
  content: Buffer | Readable,
): Promise<StagedFile> {
  const writer = await storage.stage(stagedName);
  await pipeline(content instanceof Readable ? content : Readable.from([content]), writer);
  const { sha256, file } = writer.written;
  return { stagedName, sha256, ...file };
}

export async function readAll(storage: DriveStorage, path: string): Promise<Buffer> {
  const file = await storage.open(path);
  try {
    const buffer = Buffer.alloc(file.size);
    await file.read(buffer, 0);
    return buffer;
  } finally {
    await file.close();
  }
}

export const missing = expect.objectContaining({ code: 'files.content_missing', status: 404 });

/** What every drive does, whatever it is made of. */
export function describeDriveStorage(
  name: string,
  { hasLinks }: DriveTraits,
  makeDrive: () => Promise<DriveUnderTest>,
): void {
  describe(`DriveStorage on ${name}`, () => {
    let drive: DriveUnderTest;
    let storage: DriveStorage;

    beforeEach(async () => {
      drive = await makeDrive();
      storage = drive.storage;
    });

    afterEach(async () => {
      await drive.close();
    });

    const sha256Of = (content: Buffer) => createHash('sha256').update(content).digest('hex');

    describe('staging', () => {
      it.each([0, 1, 65_536, 5_000_001])(
        'should know size and SHA-256 when %d bytes have come',
        async (size) => {
          const content = randomBytes(size);
          const staged = await stage(storage, 'one', content);

          expect(staged.size).toBe(size);
          expect(staged.sha256.toString('hex')).toBe(sha256Of(content));
          expect(await storage.statStaged('one')).toMatchObject({ size });
        },
      );

      it('should keep the order of the bytes when they come in pieces of every size', async () => {
        const pieces = Array.from({ length: 400 }, (_, index) =>
          randomBytes((index * 7919) % 40_000),
        );
        const staged = await stage(storage, 'pieces', Readable.from(pieces));
        await storage.publish('pieces', 'whole.bin');

        expect(staged.sha256.toString('hex')).toBe(sha256Of(Buffer.concat(pieces)));
        expect((await readAll(storage, 'whole.bin')).equals(Buffer.concat(pieces))).toBe(true);
      });

      it('should not write over a staged file of the same name', async () => {
        await stage(storage, 'twice', Buffer.from('first'));

        await expect(storage.stage('twice')).rejects.toThrow();
        await storage.publish('twice', 'first.txt');
        expect((await readAll(storage, 'first.txt')).toString()).toBe('first');
      });

      it('should leave what had come, to be removed, when the upload breaks off', async () => {
        const writer = await storage.stage('broken');
        const broken = Readable.from(
          (async function* () {
            yield Buffer.from('begun');
            throw new Error('The connection is gone.');
          })(),
        );

        await expect(pipeline(broken, writer)).rejects.toThrow('The connection is gone.');
        expect((await storage.listStaged()).map(({ stagedName }) => stagedName)).toEqual([
          'broken',
        ]);
        await storage.removeStaged('broken');
        expect(await storage.listStaged()).toEqual([]);
      });

      it('should not say what was written before everything is on the disk', async () => {
        const writer = await storage.stage('unfinished');
        writer.write('some');

        expect(() => writer.written).toThrow();
        writer.destroy();
      });

      it('should take it for done when a staged file is removed twice', async () => {
        await stage(storage, 'gone', Buffer.from('x'));
        await storage.removeStaged('gone');
        await storage.removeStaged('gone');

        expect(await storage.statStaged('gone')).toBeNull();
      });
    });

    describe('publishing', () => {
      it('should give the content its name, at the root and in a folder', async () => {
        await drive.makeFolder('photos');
        await stage(storage, 'a', Buffer.from('at the root'));
        await stage(storage, 'b', Buffer.from('in a folder'));
        await storage.publish('a', 'a.txt');
        await storage.publish('b', 'photos/b.txt');

        expect((await readAll(storage, 'a.txt')).toString()).toBe('at the root');
        expect((await readAll(storage, 'photos/b.txt')).toString()).toBe('in a folder');
        expect(await storage.stat('a.txt')).toMatchObject({ size: 11 });
      });

      it('should replace nothing when the name is taken', async () => {
        await drive.putFile('a.txt', Buffer.from('mine'));
        await stage(storage, 'new', Buffer.from('theirs'));

        await expect(storage.publish('new', 'a.txt')).rejects.toThrow(PathTakenError);
        expect((await readAll(storage, 'a.txt')).toString()).toBe('mine');
        expect(await storage.statStaged('new')).toMatchObject({ size: 6 });
      });

      it('should replace nothing when a folder has the name', async () => {
        await drive.makeFolder('album');
        await stage(storage, 'new', Buffer.from('x'));

        await expect(storage.publish('new', 'album')).rejects.toThrow(PathTakenError);
      });

      it('should let one win, and tell the others, when many publish under one name at once', async () => {
        const names = Array.from({ length: 12 }, (_, index) => `racer-${index}`);
        for (const stagedName of names) await stage(storage, stagedName, Buffer.from(stagedName));
        const results = await Promise.allSettled(
          names.map((stagedName) => storage.publish(stagedName, 'prize.txt')),
        );
        const winners = names.filter((_, index) => results[index]?.status === 'fulfilled');
        const losers = results.filter(({ status }) => status === 'rejected');

        expect(winners).toHaveLength(1);
        expect(
          losers.every((loser) => 'reason' in loser && loser.reason instanceof PathTakenError),
        ).toBe(true);
        expect((await readAll(storage, 'prize.txt')).toString()).toBe(winners[0]);
      });

      it('should say that nothing is there when nothing was staged under the name', async () => {
        await expect(storage.publish('never', 'a.txt')).rejects.toThrow(missing);
        expect(await storage.stat('a.txt')).toBeNull();
      });

      it('should not make the folders of a path', async () => {
        await stage(storage, 'lost', Buffer.from('x'));

        await expect(storage.publish('lost', 'nowhere/a.txt')).rejects.toThrow(missing);
        expect(await storage.statStaged('lost')).toMatchObject({ size: 1 });
      });

      if (hasLinks) {
        it('should be success when it is done again', async () => {
          await stage(storage, 'again', Buffer.from('once'));
          await storage.publish('again', 'a.txt');
          await storage.publish('again', 'a.txt');
          await storage.removeStaged('again');

          expect((await readAll(storage, 'a.txt')).toString()).toBe('once');
        });
      }
    });

    describe('reading', () => {
      beforeEach(async () => {
        await drive.putFile('digits.txt', Buffer.from('0123456789'));
      });

      it('should read from any position, as far as the file goes', async () => {
        const file = await storage.open('digits.txt');
        const buffer = Buffer.alloc(4);

        expect(await file.read(buffer, 3)).toBe(4);
        expect(buffer.toString()).toBe('3456');
        expect(await file.read(buffer, 8)).toBe(2);
        expect(buffer.toString('utf8', 0, 2)).toBe('89');
        expect(await file.read(buffer, 10)).toBe(0);
        expect(file.size).toBe(10);
        await file.close();
      });

      it('should go on reading what was opened when the file is removed meanwhile', async () => {
        const file = await storage.open('digits.txt');
        await storage.remove('digits.txt');
        const buffer = Buffer.alloc(10);

        expect(await file.read(buffer, 0)).toBe(10);
        expect(buffer.toString()).toBe('0123456789');
        await file.close();
      });

      it.each(['absent.txt', 'digits.txt/inside', 'nowhere/a.txt'])(
        'should say that nothing is there when %s is opened',
        async (path) => {
          await expect(storage.open(path)).rejects.toThrow(missing);
          expect(await storage.stat(path)).toBeNull();
        },
      );

      it('should take a folder for no file', async () => {
        await drive.makeFolder('album');

        await expect(storage.open('album')).rejects.toThrow(missing);
        expect(await storage.stat('album')).toBeNull();
      });
    });

    describe('moving', () => {
      beforeEach(async () => {
        await drive.makeFolder('other');
        await drive.putFile('a.txt', Buffer.from('content'));
      });

      it.each(['b.txt', 'other/a.txt', 'other/b.txt'])(
        'should have the file at %s, and no longer where it was',
        async (target) => {
          await storage.move('a.txt', target);

          expect((await readAll(storage, target)).toString()).toBe('content');
          expect(await storage.stat('a.txt')).toBeNull();
        },
      );

      it('should say that the file is missing, and touch nothing, when it is gone and another lies at the new name', async () => {
        await storage.move('a.txt', 'b.txt');

        await expect(storage.move('a.txt', 'b.txt')).rejects.toThrow(missing);

        expect((await readAll(storage, 'b.txt')).toString()).toBe('content');
      });

      it('should keep the file when it is moved onto itself', async () => {
        await storage.move('a.txt', 'a.txt');

        expect((await readAll(storage, 'a.txt')).toString()).toBe('content');
      });

      it('should keep the file when only the case of its name changes', async () => {
        await storage.move('a.txt', 'A.TXT');

        expect((await readAll(storage, 'A.TXT')).toString()).toBe('content');
      });

      it('should replace nothing when the name is taken', async () => {
        await drive.putFile('b.txt', Buffer.from('mine'));

        await expect(storage.move('a.txt', 'b.txt')).rejects.toThrow(PathTakenError);
        expect((await readAll(storage, 'a.txt')).toString()).toBe('content');
        expect((await readAll(storage, 'b.txt')).toString()).toBe('mine');
      });

      it('should say that nothing is there when neither name has a file', async () => {
        await expect(storage.move('x.txt', 'y.txt')).rejects.toThrow(missing);
      });
    });

    describe('removing', () => {
      it('should take it for done when the file is gone already, or its folder', async () => {
        await drive.putFile('a.txt', Buffer.from('x'));
        await storage.remove('a.txt');
        await storage.remove('a.txt');
        await storage.remove('nowhere/a.txt');

        expect(await storage.stat('a.txt')).toBeNull();
      });

      it('should refuse a folder that has taken the place of the file', async () => {
        await drive.makeFolder('album');
        await drive.putFile('album/a.txt', Buffer.from('x'));

        await expect(storage.remove('album')).rejects.toThrow(
          expect.objectContaining({ code: 'files.not_a_file' }),
        );
        expect(await storage.stat('album/a.txt')).toMatchObject({ size: 1 });
      });
    });

    it.each([
      'Zoë 🦊 family 👨‍👩‍👧.jpg',
      'cafe\u0301 (NFD).txt',
      'مرحبا \u202etxt.exe',
      '-rf --no-preserve-root',
      'a\\b:c*?"<>|$HOME`id`%2f%00',
      ' leading and trailing ',
      'trailing dot.',
      '...',
      '\u{1F600}'.repeat(63),
      'ä'.repeat(127),
      'x'.repeat(255),
    ])('should carry the name %j through all that is done with it', async (name) => {
      await stage(storage, 'named', Buffer.from(name));
      await storage.publish('named', name);
      await storage.removeStaged('named');
      expect((await readAll(storage, name)).toString()).toBe(name);

      await storage.move(name, 'plain');
      await storage.move('plain', name);
      expect(await storage.stat(name)).toMatchObject({ size: Buffer.byteLength(name) });
      await storage.remove(name);
      expect(await storage.stat(name)).toBeNull();
    });

    it.each([
      '../outside',
      'a/../../outside',
      '/etc/passwd',
      '',
      'a//b',
      'a/',
      '.',
      'a\0b',
      'a\nb',
    ])('should refuse %j, which is no path inside a drive', async (path) => {
      await stage(storage, 'kept', Buffer.from('x'));

      for (const attempt of [
        storage.open(path),
        storage.stat(path),
        storage.remove(path),
        storage.publish('kept', path),
        storage.move(path, 'b'),
        storage.move('b', path),
      ]) {
        await expect(attempt).rejects.toThrow('Not a name on a drive');
      }
      await expect(storage.stage(path)).rejects.toThrow('Not a name on a drive');
    });

    it('should know what is left on the drive', async () => {
      expect(await storage.freeBytes()).toBeGreaterThan(0);
    });
  });
}
