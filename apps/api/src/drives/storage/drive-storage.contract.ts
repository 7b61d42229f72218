import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32 } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import {
  type DriveStorage,
  PathTakenError,
  SMALL_FILE_BYTES,
  type StagedFile,
} from './drive-storage';
import type { ReadableBytes } from './readable-file';
import { type PartStart, PartTooLongError } from './staged-part-writer';

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
  /** Whether there are symbolic links; so where absent. */
  readonly hasSymbolicLinks?: boolean;
  /** Whether it takes every name that we take; so where absent. Else it says so of those that it does not. */
  readonly takesAllNames?: boolean;
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

async function textOf(file: ReadableBytes): Promise<string> {
  const buffer = Buffer.alloc(file.size);
  await file.read(buffer, 0);
  await file.close();
  return buffer.toString();
}

const refused = expect.objectContaining({ code: 'drives.name_refused' });
export const missing = expect.objectContaining({ code: 'files.content_missing', status: 404 });

/** What every drive does, whatever it is made of. */
export function describeDriveStorage(
  name: string,
  { hasLinks, hasSymbolicLinks = true, takesAllNames = true }: DriveTraits,
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

      it.each([0, 1, 4096, SMALL_FILE_BYTES])(
        'should stage a file of %i bytes in one go, but not over another',
        async (size) => {
          const content = randomBytes(size);
          const { sha256, file } = await storage.stageSmall('small', content);

          expect(sha256.toString('hex')).toBe(sha256Of(content));
          expect(await storage.statStaged('small')).toMatchObject(file);
          await expect(storage.stageSmall('small', Buffer.from('other'))).rejects.toThrow('EEXIST');
          await storage.publish('small', 'small.bin');
          expect((await readAll(storage, 'small.bin')).equals(content)).toBe(true);
        },
      );

      it('should stage and publish many small files at the same time, none over another', async () => {
        await storage.makeFolder('folder');
        await drive.putFile('taken.bin', Buffer.from('of somebody'));
        const names = ['taken.bin', 'a.bin', 'b.bin', 'folder/a.bin', 'folder/b.bin', 'gone/a.bin'];
        const contents = names.map((_, index) => randomBytes(index * 1000));
        const staged = await Promise.all(
          contents.map((content, index) => storage.stageSmall(`small-${index}`, content)),
        );
        const outcomes = await Promise.allSettled(
          names.map((name, index) => storage.publishAndUnstage(`small-${index}`, name)),
        );

        expect(staged.map(({ sha256 }) => sha256.toString('hex'))).toEqual(contents.map(sha256Of));
        expect(outcomes.map(({ status }) => status)).toEqual([
          ...['rejected', 'fulfilled', 'fulfilled', 'fulfilled', 'fulfilled', 'rejected'],
        ]);
        expect(outcomes[0]).toMatchObject({ reason: expect.any(PathTakenError) });
        expect(outcomes[5]).toMatchObject({ reason: { code: 'files.content_missing' } });
        expect((await readAll(storage, 'taken.bin')).toString()).toBe('of somebody');
        for (const index of [1, 2, 3, 4]) {
          const name = names[index] ?? '';
          expect((await readAll(storage, name)).equals(contents[index] ?? Buffer.alloc(0))).toBe(
            true,
          );
          expect(await storage.stat(name)).toMatchObject(staged[index]?.file ?? {});
        }
        expect((await storage.listStaged()).map(({ stagedName }) => stagedName).sort()).toEqual([
          ...['small-0', 'small-5'],
        ]);
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

    describe('staging in parts', () => {
      const startAt = (position: number, more: Partial<PartStart> = {}): PartStart => ({
        position,
        limit: 1_000_000_000,
        hashes: [],
        beforeWrite: async () => undefined,
        onSynced: async () => undefined,
        ...more,
      });
      const write = async (content: Buffer, start: PartStart) => {
        const writer = await storage.stagePart('parts', start);
        await pipeline(Readable.from([content]), writer);
        return writer;
      };
      const readStaged = async () => {
        const file = await storage.openStaged('parts');
        try {
          const buffer = Buffer.alloc(file.size);
          await file.read(buffer, 0);
          return buffer;
        } finally {
          await file.close();
        }
      };

      it('should go on where the part before ended, and hash what it is given', async () => {
        const content = randomBytes(3_000_000);
        const hash = createHash('sha256');
        for (const [from, to] of [
          [0, 1],
          [1, 1_000_000],
          [1_000_000, 3_000_000],
        ] as const) {
          const writer = await write(content.subarray(from, to), startAt(from, { hashes: [hash] }));
          expect(writer.syncedPosition).toBe(to);
          expect(writer.isHashed).toBe(true);
        }

        expect((await readStaged()).equals(content)).toBe(true);
        expect(hash.digest('hex')).toBe(sha256Of(content));
      });

      it('should cut off what lies beyond the place where it goes on', async () => {
        await write(Buffer.from('acknowledged and more'), startAt(0));
        await write(Buffer.from('!'), startAt(12));

        expect(String(await readStaged())).toBe('acknowledged!');
      });

      it('should not go on behind the end of what is there', async () => {
        await write(Buffer.from('short'), startAt(0));

        await expect(storage.stagePart('parts', startAt(6))).rejects.toEqual(missing);
        await expect(storage.stagePart('none', startAt(1))).rejects.toEqual(missing);
        await expect(storage.openStaged('none')).rejects.toEqual(missing);
        await expect(storage.sealStaged('none', {})).rejects.toEqual(missing);
      });

      it('should keep what had come, on the disk and hashed, when it is cut off', async () => {
        const content = randomBytes(300_000);
        const hash = createHash('sha256');
        const writer = await storage.stagePart('parts', startAt(0, { hashes: [hash] }));
        await new Promise((resolve) => writer.write(content, resolve));
        const closed = new Promise((resolve) => writer.once('close', resolve));
        writer.once('error', () => undefined);
        writer.destroy(new Error('The line is dead.'));
        await closed;

        expect(writer.syncedPosition).toBe(content.length);
        expect(writer.isHashed).toBe(true);
        expect((await readStaged()).equals(content)).toBe(true);
        expect(hash.digest('hex')).toBe(sha256Of(content));
      });

      it('should take no byte more than there are to be', async () => {
        const writer = await storage.stagePart('parts', startAt(0, { limit: 10 }));
        const failed = pipeline(Readable.from([Buffer.alloc(10), Buffer.alloc(1)]), writer);

        await expect(failed).rejects.toThrow(PartTooLongError);
        expect(writer.syncedPosition).toBe(0);
        expect((await readStaged()).length).toBe(0);
      });

      it('should write and cut off nothing any more when somebody else may be at it', async () => {
        let isMine = true;
        const beforeWrite = async () => {
          if (!isMine) throw new Error('It is another’s by now.');
        };
        const writer = await storage.stagePart('parts', startAt(0, { beforeWrite }));
        await new Promise((resolve) => writer.write(Buffer.from('gathered'), resolve));
        isMine = false;
        await write(Buffer.from('of the other'), startAt(0));
        const closed = new Promise((resolve) => writer.once('close', resolve));
        writer.once('error', () => undefined);
        writer.destroy(new Error('The line is dead.'));
        await closed;

        expect(writer.syncedPosition).toBe(0);
        expect(String(await readStaged())).toBe('of the other');
      });

      it('should be a file like any other when it is sealed', async () => {
        await write(Buffer.from('sealed'), startAt(0));
        const modifiedAt = new Date('1955-02-03T04:05:06.000Z');
        const sealed = await storage.sealStaged('parts', { modifiedAt });
        await storage.publish('parts', 'sealed.txt');

        expect(sealed.size).toBe(6);
        expect(await storage.stat('sealed.txt')).toMatchObject({
          size: 6,
          modifiedAt: sealed.modifiedAt,
        });
        // FAT begins in 1980.
        if (hasLinks) expect(sealed.modifiedAt).toEqual(modifiedAt);
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

      it('should open the files of a folder that is held, and nothing else that is in it', async () => {
        await drive.makeFolder('album');
        await drive.putFile('album/a.txt', Buffer.from('inside'));
        await storage.makeFolder('album/deeper');
        const root = await storage.holdFolder('');
        const album = await storage.holdFolder('album');

        const file = await album.open('a.txt');
        const buffer = Buffer.alloc(6);
        expect(await file.read(buffer, 0)).toBe(6);
        expect(buffer.toString()).toBe('inside');
        await file.close();
        await (await root.open('digits.txt')).close();
        await expect(album.open('absent.txt')).rejects.toThrow(missing);
        await expect(album.open('deeper')).rejects.toThrow(missing);
        await expect(album.open('../digits.txt')).rejects.toThrow('Not a name');
        await Promise.all([root.close(), album.close()]);
      });

      it('should read the small files of a folder, and nothing else that is in it', async () => {
        await drive.makeFolder('album');
        await drive.putFile('album/a.txt', Buffer.from('one'));
        await drive.putFile('album/b.txt', Buffer.from('three'));
        await drive.putFile('album/empty', Buffer.alloc(0));
        await drive.putFile('album/large', Buffer.alloc(100));
        await storage.makeFolder('album/deeper');
        const album = await storage.holdFolder('album');
        const room = new SharedArrayBuffer(12);
        const names = ['a.txt', 'absent', 'large', 'deeper', 'b.txt', 'empty'];

        const files = await album.readSmall(
          names.map((name) => ({ name, gap: name === 'a.txt' ? 0 : 2 })),
          room,
        );
        expect(files.map((file) => file?.size ?? null)).toEqual([3, null, null, null, 5, 0]);
        expect(Buffer.from(room, 0, 10).toString()).toBe('one\0\0three');
        expect(files[4]).toMatchObject({ start: 5, crc32: crc32('three') });
        expect(files[4]?.modifiedAt).toEqual((await storage.stat('album/b.txt'))?.modifiedAt);
        await album.close();
      });

      it('should read small files whole when many are asked for at once, and nothing else', async () => {
        await drive.makeFolder('album');
        const names = ['a.txt', 'b.txt', 'c.txt', 'd.txt'];
        for (const name of names) await drive.putFile(`album/${name}`, Buffer.from(`in ${name}`));
        await storage.makeFolder('album/deeper');
        const asked = [...names, 'absent', 'deeper'].map((name) => `album/${name}`);

        const files = await Promise.all(asked.map((path) => storage.readSmall(path)));
        const stored = await storage.stat('album/a.txt');
        expect(files[0]).toMatchObject({ size: stored?.size, modifiedAt: stored?.modifiedAt });
        const contents = await Promise.all(
          files.map(async (file) => (file === null ? null : textOf(file))),
        );
        expect(contents).toEqual([...names.map((name) => `in ${name}`), null, null]);
      });

      it('should give each its own bytes when many read small files again and again', async () => {
        const names = Array.from({ length: 40 }, (_, index) => `${index}.txt`);
        for (const name of names) await drive.putFile(name, Buffer.from(name.repeat(500)));

        for (let round = 0; round < 5; round += 1) {
          const texts = names.map(async (name) => {
            const file = await storage.readSmall(name);
            return file === null ? null : textOf(file);
          });
          for (const [index, text] of (await Promise.all(texts)).entries())
            expect([null, names[index]?.repeat(500)]).toContain(text);
        }
      });

      it('should have a small file opened when nobody else reads one', async () => {
        expect(await storage.readSmall('digits.txt')).toBeNull();
      });

      it('should have small files opened when their folder is not there', async () => {
        const asked = ['a', 'b', 'c', 'd'].map((name) => storage.readSmall(`absent/${name}`));
        expect(await Promise.all(asked)).toEqual([null, null, null, null]);
      });

      it('should say that nothing is there when what is no folder is held', async () => {
        await expect(storage.holdFolder('absent')).rejects.toThrow(missing);
        await expect(storage.holdFolder('digits.txt')).rejects.toThrow(missing);
      });

      it('should tell when a file was changed after it was opened', async () => {
        const file = await storage.open('digits.txt');
        expect(await file.isUnchanged()).toBe(true);
        await drive.putFile('digits.txt', Buffer.from('01234'));
        expect(await file.isUnchanged()).toBe(false);
        await file.close();
      });

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

      it('should look at, move and remove all of many when that is done again at once', async () => {
        await storage.makeFolder('album');
        const names = Array.from({ length: 20 }, (_, number) => `${number}.txt`);
        for (const name of names) {
          await stage(storage, name, Buffer.from(name));
          await storage.publish(name, `album/${name}`);
          await storage.removeStaged(name);
        }
        await Promise.all(
          names.map(async (name, number) => {
            expect((await storage.look(`album/${name}`, 'again'))?.kind).toBe('file');
            if (number % 2 === 0) await storage.remove(`album/${name}`, 'again');
            else await storage.move(`album/${name}`, name, 'again');
          }),
        );

        for (const [number, name] of names.entries()) {
          expect(await storage.look(`album/${name}`, 'again')).toBeNull();
          expect((await storage.look(name))?.size).toBe(number % 2 === 0 ? undefined : name.length);
        }
        await expect(storage.move('album/1.txt', 'x', 'again')).rejects.toThrow(missing);
        await storage.remove('album/1.txt', 'again');
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

    describe('replacing', () => {
      const KEPT = '.homeserver/versions/of-one/first';
      const textOf = async (path: string) => (await readAll(storage, path)).toString();

      beforeEach(async () => {
        await drive.putFile('a.txt', Buffer.from('earlier'));
        await stage(storage, 'new', Buffer.from('later'));
      });

      it('should have the new content under the name, and keep the earlier one', async () => {
        expect(await storage.replace('new', 'a.txt', KEPT)).toMatchObject({ size: 7 });
        await storage.removeStaged('new');

        expect(await textOf('a.txt')).toBe('later');
        expect(await textOf(KEPT)).toBe('earlier');
        expect(await storage.listStaged()).toEqual([]);
      });

      it('should replace it when the folder of earlier contents is removed at the same time', async () => {
        const folder = '.homeserver/versions/of-one';
        for (let turn = 0; turn < 50; turn += 1) {
          const stagedName = `turn-${turn}`;
          await stage(storage, stagedName, Buffer.from(stagedName));
          const removing = async () => {
            for (let time = 0; time < 3; time += 1) await storage.removeEmptyFolder(folder);
          };
          await Promise.all([
            storage.replace(stagedName, 'a.txt', `${folder}/${turn}`),
            removing(),
          ]);
          expect(String(await readAll(storage, 'a.txt'))).toBe(stagedName);
          await storage.remove(`${folder}/${turn}`);
        }
      });

      it('should keep each content when a file is replaced over and over', async () => {
        await storage.replace('new', 'a.txt', KEPT);
        await stage(storage, 'third', Buffer.from('last'));
        await storage.replace('third', 'a.txt', '.homeserver/versions/of-one/second');

        expect(await textOf('a.txt')).toBe('last');
        expect(await textOf(KEPT)).toBe('earlier');
        expect(await textOf('.homeserver/versions/of-one/second')).toBe('later');
      });

      it('should not change what is kept when the file is written to in its place', async () => {
        await storage.replace('new', 'a.txt', KEPT);
        await drive.putFile('a.txt', Buffer.from('written outside'));

        expect(await textOf(KEPT)).toBe('earlier');
      });

      it('should keep nothing when nothing bears the name', async () => {
        expect(await storage.replace('new', 'b.txt', KEPT)).toBeNull();
        expect(await textOf('b.txt')).toBe('later');
        expect(await storage.stat(KEPT)).toBeNull();
        expect(await storage.replace('new', 'b.txt', KEPT, 'again')).toBeNull();
        expect(await textOf('b.txt')).toBe('later');
        expect(await storage.stat(KEPT)).toBeNull();
      });

      it('should touch nothing when a folder bears the name', async () => {
        await drive.makeFolder('album');

        await expect(storage.replace('new', 'album', KEPT)).rejects.toThrow(PathTakenError);
        expect(await storage.statStaged('new')).toMatchObject({ size: 5 });
        expect(await storage.stat(KEPT)).toBeNull();
      });

      it('should touch nothing when nothing is staged under the name', async () => {
        await expect(storage.replace('absent', 'a.txt', KEPT)).rejects.toThrow(missing);
        expect(await textOf('a.txt')).toBe('earlier');
        expect(await storage.stat(KEPT)).toBeNull();
      });

      it('should take a step for done when it was taken before a crash', async () => {
        await storage.replace('new', 'a.txt', KEPT);

        expect(await storage.replace('new', 'a.txt', KEPT, 'again')).toMatchObject({ size: 7 });
        expect(await textOf('a.txt')).toBe('later');
        expect(await textOf(KEPT)).toBe('earlier');
      });

      it.each(['first', 'again'] as const)(
        'should go on when the earlier content was already kept, and had lost its name (%s)',
        async (attempt) => {
          await storage.makeFolder('.homeserver/versions/of-one');
          await storage.move('a.txt', KEPT);

          expect(await storage.replace('new', 'a.txt', KEPT, attempt)).toMatchObject({ size: 7 });
          expect(await textOf('a.txt')).toBe('later');
          expect(await textOf(KEPT)).toBe('earlier');
        },
      );

      it('should show either of the two whole, or what is kept, when it is read meanwhile', async () => {
        const contents = [3_000_000, 2_000_000].map((size) => randomBytes(size));
        await drive.putFile('a.bin', contents[0] ?? Buffer.alloc(0));
        await stage(storage, 'large', contents[1] ?? Buffer.alloc(0));
        let isOver = false;
        const replacement = storage.replace('large', 'a.bin', KEPT).finally(() => (isOver = true));
        let count = 0;
        do {
          const seen = await readAll(storage, 'a.bin').catch((error: unknown) => {
            // Without links the name is gone for an instant: the content is under the other one by then.
            if (hasLinks) throw error;
            return readAll(storage, KEPT);
          });
          expect(contents.some((content) => content.equals(seen))).toBe(true);
          count += 1;
        } while (!isOver);
        await replacement;

        expect(count).toBeGreaterThan(0);
        expect((await readAll(storage, 'a.bin')).equals(contents[1] ?? Buffer.alloc(0))).toBe(true);
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

    describe('folders', () => {
      const folder = expect.objectContaining({ kind: 'folder' });

      it('should make a folder, at the root and in another one, and say what it made', async () => {
        const made = await storage.makeFolder('album');
        await storage.makeFolder('album/2026');

        expect(made).toEqual(folder);
        expect(await storage.look('album')).toMatchObject({ kind: 'folder', inode: made.inode });
        expect(await storage.look('album/2026')).toEqual(folder);
        expect(await storage.stat('album')).toBeNull();
      });

      it('should make no folder where the name is taken, or its folder is missing', async () => {
        await drive.makeFolder('album');
        await drive.putFile('a.txt', Buffer.from('mine'));

        await expect(storage.makeFolder('album')).rejects.toThrow(PathTakenError);
        await expect(storage.makeFolder('a.txt')).rejects.toThrow(PathTakenError);
        await expect(storage.makeFolder('a.txt', 'again')).rejects.toThrow(PathTakenError);
        await expect(storage.makeFolder('nowhere/album')).rejects.toThrow(missing);
        expect((await readAll(storage, 'a.txt')).toString()).toBe('mine');
      });

      it('should take a folder that is there for made when it is made again', async () => {
        const made = await storage.makeFolder('album');
        await drive.putFile('album/a.txt', Buffer.from('kept'));

        expect((await storage.makeFolder('album', 'again')).inode).toBe(made.inode);
        expect(await storage.stat('album/a.txt')).toMatchObject({ size: 4 });
      });

      it.each(['pictures', 'other/album', 'ALBUM'])(
        'should have a folder and all in it at %s, and no longer where it was, when it is moved',
        async (target) => {
          await drive.makeFolder('other');
          await drive.makeFolder('album');
          await drive.makeFolder('album/inner');
          await drive.putFile('album/inner/a.txt', Buffer.from('content'));
          await storage.moveFolder('album', target);

          expect((await readAll(storage, `${target}/inner/a.txt`)).toString()).toBe('content');
          if (target.toLowerCase() !== 'album') expect(await storage.look('album')).toBeNull();
        },
      );

      it.each([
        ['a folder', async () => drive.makeFolder('taken')],
        ['a file', async () => drive.putFile('taken', Buffer.from('mine'))],
      ])('should replace nothing when %s has the name', async (_, take) => {
        await drive.makeFolder('album');
        await drive.putFile('album/a.txt', Buffer.from('content'));
        await take();

        await expect(storage.moveFolder('album', 'taken')).rejects.toThrow(PathTakenError);
        expect(await storage.stat('album/a.txt')).toMatchObject({ size: 7 });
        expect(await storage.look('taken')).not.toBeNull();
      });

      it('should move onto the empty folder that an interrupted attempt left, and onto no other', async () => {
        await drive.makeFolder('album');
        await drive.makeFolder('left');
        await drive.makeFolder('full');
        await drive.putFile('full/a.txt', Buffer.from('mine'));

        await expect(storage.moveFolder('album', 'full', 'again')).rejects.toThrow(PathTakenError);
        await storage.moveFolder('album', 'left', 'again');
        expect(await storage.look('album')).toBeNull();
        expect(await storage.look('left')).toEqual(folder);
        expect(await storage.stat('full/a.txt')).toMatchObject({ size: 4 });
      });

      it('should leave no empty folder behind when a folder cannot be moved', async () => {
        await drive.makeFolder('album');

        await expect(storage.moveFolder('album', 'album/inner')).rejects.toThrow();
        await expect(storage.moveFolder('nowhere', 'here')).rejects.toThrow(missing);
        await expect(storage.moveFolder('album', 'nowhere/here')).rejects.toThrow(missing);
        expect(await storage.look('album/inner')).toBeNull();
        expect(await storage.look('here')).toBeNull();
        expect(await storage.look('album')).toEqual(folder);
      });

      it('should let one of two win when both are moved to one name at once', async () => {
        await drive.makeFolder('one');
        await drive.putFile('one/one.txt', Buffer.from('1'));
        await drive.makeFolder('two');
        await drive.putFile('two/two.txt', Buffer.from('2'));
        const results = await Promise.allSettled(
          ['one', 'two'].map((name) => storage.moveFolder(name, 'prize')),
        );

        expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const places = await Promise.all(
          ['one/one.txt', 'two/two.txt', 'prize/one.txt', 'prize/two.txt'].map((path) =>
            storage.stat(path),
          ),
        );
        expect(places.filter((place) => place !== null)).toHaveLength(2);
      });

      it('should remove a folder only when nothing is in it', async () => {
        await drive.makeFolder('full');
        await drive.putFile('full/a.txt', Buffer.from('x'));
        await drive.makeFolder('empty');

        expect(await storage.removeEmptyFolder('full')).toBe(false);
        expect(await storage.removeEmptyFolder('empty')).toBe(true);
        expect(await storage.removeEmptyFolder('empty')).toBe(true);
        expect(await storage.removeEmptyFolder('nowhere/empty')).toBe(true);
        expect(await storage.stat('full/a.txt')).toMatchObject({ size: 1 });
        expect(await storage.look('empty')).toBeNull();
      });

      it('should discard a folder in one step, and remove its bytes when it is asked to', async () => {
        await drive.makeFolder('album');
        await drive.makeFolder('album/inner');
        await drive.putFile('album/inner/a.txt', Buffer.from('content'));
        await storage.discardFolder('album', 'gone-1');
        await storage.discardFolder('album', 'gone-1');

        expect(await storage.look('album')).toBeNull();
        expect(await storage.listDiscarded()).toEqual(['gone-1']);
        await storage.removeDiscarded('gone-1', new AbortController().signal, () => undefined);
        await storage.removeDiscarded('gone-1', new AbortController().signal, () => undefined);
        expect(await storage.listDiscarded()).toEqual([]);
      });

      it('should stop to remove bytes when it is told to, and do the rest another time', async () => {
        await drive.makeFolder('album');
        for (let number = 0; number < 250; number += 1)
          await drive.putFile(`album/${number}`, Buffer.alloc(0));
        await storage.discardFolder('album', 'gone-2');
        const controller = new AbortController();
        const counts: number[] = [];
        const removal = storage.removeDiscarded('gone-2', controller.signal, (count) => {
          counts.push(count);
          controller.abort(new Error('enough'));
        });

        await expect(removal).rejects.toThrow('enough');
        expect(counts).toEqual([100]);
        expect(await storage.listDiscarded()).toEqual(['gone-2']);
        await storage.removeDiscarded('gone-2', new AbortController().signal, () => undefined);
        expect(await storage.listDiscarded()).toEqual([]);
      });
    });

    describe('symbolic links', () => {
      if (hasSymbolicLinks) {
        it('should make, rename, move and remove a link, and never what it points to', async () => {
          await drive.makeFolder('album');
          await drive.putFile('a.txt', Buffer.from('content'));
          await storage.makeLink('link', 'a.txt');
          expect(await storage.look('link')).toMatchObject({ kind: 'link' });
          await expect(storage.makeLink('link', 'other')).rejects.toThrow(PathTakenError);
          await expect(storage.open('link')).rejects.toThrow(missing);

          await storage.move('link', 'album/renamed');
          await expect(storage.move('album/renamed', 'a.txt')).rejects.toThrow(PathTakenError);
          expect(await storage.look('link')).toBeNull();
          expect(await storage.look('album/renamed')).toMatchObject({ kind: 'link' });
          await storage.remove('album/renamed');
          expect(await storage.look('album/renamed')).toBeNull();
          expect((await readAll(storage, 'a.txt')).toString()).toBe('content');
        });
      } else {
        it('should say so when there are none', async () => {
          await expect(storage.makeLink('link', 'a.txt')).rejects.toThrow(
            expect.objectContaining({ code: 'drives.no_links' }),
          );
        });
      }
    });

    describe('copies', () => {
      const attributes = { mode: 0o750, modifiedAt: new Date('2020-02-03T04:05:06.000Z') };

      it('should have the time of the original when they are staged with it', async () => {
        const writer = await storage.stage('copy', attributes);
        await pipeline(Readable.from([Buffer.from('content')]), writer);

        expect(writer.written.file.modifiedAt).toEqual(attributes.modifiedAt);
        await storage.publish('copy', 'copy.txt');
        expect(await storage.stat('copy.txt')).toMatchObject(writer.written.file);
      });

      it('should share blocks with the original, or leave nothing staged', async () => {
        await drive.putFile('a.txt', Buffer.from('content'));
        const original = await storage.open('a.txt');
        const clone = await storage.stageClone('clone', original, attributes);
        await original.close();

        if (clone === null) {
          expect(await storage.listStaged()).toEqual([]);
        } else {
          await storage.publish('clone', 'b.txt');
          expect((await readAll(storage, 'b.txt')).toString()).toBe('content');
          expect(clone.modifiedAt).toEqual(attributes.modifiedAt);
        }
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
      const refusal: unknown = await storage
        .publish('named', name)
        .catch((error: unknown) => error);
      if (!takesAllNames && refusal !== undefined) {
        expect(refusal).toMatchObject({ code: 'drives.name_refused', status: 422 });
        await expect(storage.makeFolder(name)).rejects.toThrow(refused);
        expect(await storage.stat(name)).toBeNull();
        return;
      }
      expect(refusal).toBeUndefined();
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
        storage.look(path),
        storage.makeFolder(path),
        storage.makeLink(path, 'a'),
        storage.moveFolder(path, 'b'),
        storage.moveFolder('b', path),
        storage.removeEmptyFolder(path),
        storage.discardFolder(path, 'gone'),
        storage.discardFolder('b', path),
      ]) {
        await expect(attempt).rejects.toThrow('Not a name on a drive');
      }
      await expect(storage.stage(path)).rejects.toThrow('Not a name on a drive');
    });

    it('should know what is left on the drive', async () => {
      const { freeBytes, totalBytes } = await storage.space();

      expect(freeBytes).toBeGreaterThan(0);
      expect(totalBytes).toBeGreaterThan(freeBytes);
    });
  });
}
