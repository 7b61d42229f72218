import { link, mkdir, rename, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { DataSource } from 'typeorm';

import { IndexedDisk } from '../../../test/indexed-disk';
import { createTestDatabase, type TestDatabase } from '../../../test/test-database';
import { FolderTotalsRepository } from '../../drives/folder-totals.repository';
import { uuid7 } from '../../platform/database/uuid7';
import { DriveIndex } from './drive-index';
import { DriveRoot } from './drive-root.adapter';
import type { IndexedDrive } from './index-protocol';

describe('the index of a drive', () => {
  let database: TestDatabase;
  let client: Client;
  let disk: IndexedDisk;
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
    disk = await IndexedDisk.create(client);
    drive = disk.drive;
  });
  afterEach(() => disk.remove());

  const stores = () => disk.stores();
  const index = () => disk.index();
  const scan: IndexedDisk['scan'] = (changes) => disk.scan(changes);
  const look: IndexedDisk['look'] = (...folders) => disk.look(...folders);
  const at = (...names: string[]) => disk.at(...names);
  const put: IndexedDisk['put'] = (name, content) => disk.put(name, content);
  const entries = () => disk.entries();
  const idOf = (place: string) => disk.idOf(place);
  const tag = (place: string) => disk.tag(place);
  const events = () => disk.events();
  const expectIndexToEqualDisk = () => disk.expectToEqualDisk();
  const wrongTotals = () => disk.wrongTotals();

  /** As the server does it after every change. */
  const foldTotals = async () => {
    const source = new DataSource({ type: 'postgres', url: database.url });
    await source.initialize();
    try {
      await new FolderTotalsRepository(source).fold(drive.driveId);
    } finally {
      await source.destroy();
    }
  };

  it('should know every entry, with its size, when a drive is scanned for the first time', async () => {
    await put('a/b/one.txt', '1');
    await put('a/two.txt', '22');
    await put('three.txt', '333');
    await put('.DS_Store');
    await mkdir(at('empty'));
    await symlink('a', at('link'));

    const result = await scan();

    expect(result).toMatchObject({ wasFirst: true, question: null });
    await expectIndexToEqualDisk();
    expect((await entries()).get('a/two.txt')?.size).toBe(2);
    expect((await entries()).get('a')?.size).toBe(3);
    expect(await events()).toEqual([]);
  });

  it('should take up what came, changed and went when it is scanned again', async () => {
    await put('a/b/one.txt', '1');
    await put('a/two.txt', '22');
    await scan();
    await put('a/b/c/deep.txt', 'deep');
    await put('a/two.txt', 'longer');
    await rm(at('a/b/one.txt'));

    await scan({ isFull: true });

    await expectIndexToEqualDisk();
    expect((await entries()).has('[a/b/one.txt]')).toBe(true);
    expect((await events()).sort()).toEqual([
      'changed a/two.txt',
      'created a/b/c',
      'created a/b/c/deep.txt',
      'deleted a/b/one.txt',
    ]);
  });

  it('should keep the ids of all that is inside when a folder is renamed and moved', async () => {
    await put('a/b/one.txt', '1');
    await put('a/b/c/two.txt', '22');
    await mkdir(at('z'));
    await scan();
    const one = await tag('a/b/one.txt');
    const two = await tag('a/b/c/two.txt');
    await rename(at('a/b'), at('z/renamed'));

    await look(['a', ['b']], ['z', ['renamed']]);

    await expectIndexToEqualDisk();
    expect(await idOf('z/renamed/one.txt')).toBe(one);
    expect((await entries()).get('z/renamed/c/two.txt')).toMatchObject({ id: two, tags: ['kept'] });
    expect(await events()).toEqual(['moved z/renamed']);
  });

  it.each(['scan', 'look'])(
    'should keep the id of a file that was moved when a %s finds it',
    async (how) => {
      await put('a/one.txt', '1');
      await mkdir(at('z'));
      await scan();
      const id = await tag('a/one.txt');
      await rename(at('a/one.txt'), at('z/other.txt'));

      await (how === 'scan' ? scan() : look(['z', null], ['a', null]));

      await expectIndexToEqualDisk();
      expect((await entries()).get('z/other.txt')).toMatchObject({ id, tags: ['kept'] });
      expect(await events()).toEqual(['moved z/other.txt']);
    },
  );

  it.each(['scan', 'look'])(
    'should keep the ids of what was moved into a new folder when a %s finds it',
    async (how) => {
      await put('a/b/one.txt', '1');
      await put('two.txt', '22');
      await scan();
      const one = await tag('a/b/one.txt');
      const two = await tag('two.txt');
      await mkdir(at('new/deep'), { recursive: true });
      await rename(at('a/b'), at('new/deep/b'));
      await rename(at('two.txt'), at('new/other.txt'));

      await (how === 'scan' ? scan() : look(['', ['new', 'two.txt']], ['a', null]));

      await expectIndexToEqualDisk();
      expect((await entries()).get('new/deep/b/one.txt')).toMatchObject({ id: one });
      expect((await entries()).get('new/other.txt')).toMatchObject({ id: two, tags: ['kept'] });
    },
  );

  it.each(['scan', 'look'])(
    'should keep the ids when a folder was turned inside out and a %s finds it',
    async (how) => {
      await put('outer/inner/one.txt', '1');
      await scan();
      const ids = [await tag('outer'), await tag('outer/inner'), await tag('outer/inner/one.txt')];
      await mkdir(at('new'));
      await rename(at('outer/inner'), at('new/inner'));
      await rename(at('outer'), at('new/inner/outer'));

      await (how === 'scan' ? scan() : look(['', ['outer', 'new']], ['outer', ['inner']]));

      await expectIndexToEqualDisk();
      const now = ['new/inner/outer', 'new/inner', 'new/inner/one.txt'];
      expect(await Promise.all(now.map(idOf))).toEqual(ids);
      expect((await events()).sort()).toEqual([
        'created new',
        'moved new/inner',
        'moved new/inner/outer',
      ]);
    },
  );

  it('should tell of a move when a file was taken out of a folder that is gone', async () => {
    await put('old/one.txt', '1');
    await scan();
    const one = await tag('old/one.txt');
    await mkdir(at('new'));
    await rename(at('old/one.txt'), at('new/one.txt'));
    await rm(at('old'), { recursive: true });

    await look(['', ['new', 'old']], ['old', ['one.txt']]);

    await expectIndexToEqualDisk();
    expect(await idOf('new/one.txt')).toBe(one);
    expect((await events()).sort()).toEqual(['created new', 'deleted old', 'moved new/one.txt']);
  });

  it.each(['scan', 'look'])(
    'should keep the id of what was moved when something of another kind took its place and a %s finds it',
    async (how) => {
      await put('a/file', '1');
      await put('a/folder/one.txt', '1');
      await mkdir(at('b'));
      await scan();
      const ids = [await tag('a/file'), await tag('a/folder'), await tag('a/folder/one.txt')];
      await rename(at('a/file'), at('b/file'));
      await rename(at('a/folder'), at('b/folder'));
      await mkdir(at('a/file'));
      await put('a/folder', 'a file');

      await (how === 'scan' ? scan() : look(['b', null], ['a', null]));

      await expectIndexToEqualDisk();
      expect(await Promise.all(['b/file', 'b/folder', 'b/folder/one.txt'].map(idOf))).toEqual(ids);
      expect((await events()).sort()).toEqual([
        'created a/file',
        'created a/folder',
        'moved b/file',
        'moved b/folder',
      ]);
    },
  );

  it.each(['scan', 'look'])(
    'should keep the ids when a file and a folder have changed places and a %s finds it',
    async (how) => {
      await put('a/thing', '1');
      await put('b/folder/one.txt', '22');
      await scan();
      const ids = [await tag('a/thing'), await tag('b/folder'), await tag('b/folder/one.txt')];
      await rename(at('a/thing'), at('temporary'));
      await rename(at('b/folder'), at('a/thing'));
      await rename(at('temporary'), at('b/folder'));

      await (how === 'scan' ? scan() : look(['b', ['folder']], ['a', ['thing']]));

      await expectIndexToEqualDisk();
      expect(await Promise.all(['b/folder', 'a/thing', 'a/thing/one.txt'].map(idOf))).toEqual(ids);
      expect((await events()).sort()).toEqual(['moved a/thing', 'moved b/folder']);
    },
  );

  it('should give a path one entry when a folder above it was renamed and what lay there was moved', async () => {
    await put('above/first/one.txt', '1');
    await put('above/second/two.txt', '22');
    await scan();
    const first = await tag('above/first');
    await rename(at('above/first'), at('above/another'));
    await rename(at('above/second'), at('above/first'));
    await rename(at('above'), at('renamed'));

    await scan();

    await expectIndexToEqualDisk();
    expect(await idOf('renamed/first')).toBe(first);
    expect((await events()).sort()).toEqual([
      'created renamed/another',
      'deleted renamed/second',
      'moved renamed',
      'moved renamed/another/one.txt',
      'moved renamed/first/two.txt',
    ]);
  });

  it('should keep the id of what took a name when what had it was found elsewhere before', async () => {
    await put('above/first/one.txt', '1');
    await put('second/two.txt', '22');
    await scan();
    const [first, second] = [await tag('above/first'), await tag('second')];
    await rename(at('above/first'), at('a first'));
    await rename(at('second'), at('above/first'));
    await rename(at('above'), at('renamed'));

    await look(['', ['above', 'a first', 'renamed', 'second']]);

    await expectIndexToEqualDisk();
    expect(await idOf('a first')).toBe(first);
    expect(await idOf('renamed/first')).toBe(second);
    expect((await events()).sort()).toEqual([
      'moved a first',
      'moved renamed',
      'moved renamed/first',
    ]);
  });

  it('should look once at a folder when its name has become that of another one', async () => {
    await mkdir(at('a'));
    await put('c/b/one.txt', '1');
    await scan();
    await mkdir(at('a/b'));
    await rename(at('c'), at('temporary'));
    await rename(at('a'), at('c'));
    await rename(at('temporary'), at('a'));

    await look(['', ['a', 'c', 'temporary']], ['a', ['b']]);
    await look(['a', null], ['c', null]);

    await expectIndexToEqualDisk();
  });

  it('should see what was changed in a folder when the folder was moved as well', async () => {
    await put('a/b/one.txt', '1');
    await mkdir(at('z'));
    await scan();
    for (const name of ['a', 'a/b', 'z'])
      await utimes(at(name), new Date(2020, 1), new Date(2020, 1));
    await scan();
    await rename(at('a/b'), at('z/b'));
    await writeFile(at('z/b/one.txt'), 'longer');

    const { busy } = await look(['a/b', ['one.txt']], ['a', ['b']], ['z', ['b']]);
    const folders = busy.map((folderId) => ({ folderId, names: null }));
    await index().look({ kind: 'look', drive, folders });

    expect((await entries()).get('z/b/one.txt')?.size).toBe(6);
  });

  it('should know the last that bore a body when two are missing that did', async () => {
    await mkdir(at('one'));
    await mkdir(at('two'));
    await scan();
    const two = await tag('two');
    await rename(at('one'), at('temporary'));
    await rm(at('two'), { recursive: true });
    await rename(at('temporary'), at('two'));
    await scan();
    await rename(at('two'), at('other'));
    await look(['', ['two']]);

    await look(['', ['other']]);

    await expectIndexToEqualDisk();
    expect((await entries()).get('other')).toMatchObject({ id: two, tags: ['kept'] });
  });

  it('should keep the id of a folder when it takes the name of one that has just gone', async () => {
    await put('old/one.txt', '1');
    await put('new/two.txt', '22');
    await scan();
    const folder = await tag('new');
    await rm(at('old'), { recursive: true });
    await look(['', ['old']]);
    await rename(at('new'), at('old'));

    await look(['', ['old', 'new']]);

    await expectIndexToEqualDisk();
    expect((await entries()).get('old')).toMatchObject({ id: folder, tags: ['kept'] });
    expect(await events()).toEqual(['deleted old', 'moved old']);
  });

  it('should keep the id of a path when an editor saves by renaming', async () => {
    await put('note.txt', 'old');
    await scan();
    const id = await tag('note.txt');
    await put('.note.tmp', 'new text');
    await rename(at('.note.tmp'), at('note.txt'));

    await look(['', ['.note.tmp', 'note.txt']]);

    await expectIndexToEqualDisk();
    expect((await entries()).get('note.txt')).toMatchObject({ id, tags: ['kept'], size: 8 });
    expect(await events()).toEqual(['changed note.txt']);
  });

  it('should keep what went as missing, and take it back when it is there again', async () => {
    await put('a/b/one.txt', '1');
    await put('a/two.txt', '22');
    await scan();
    const one = await tag('a/b/one.txt');
    await rename(at('a'), `${drive.place}-away`);
    await look(['', ['a']]);
    expect([...(await entries()).keys()]).toEqual(['[a]', '[a/b]', '[a/b/one.txt]', '[a/two.txt]']);
    expect(await wrongTotals()).toEqual([]);
    await rename(`${drive.place}-away`, at('a'));

    await look(['', ['a']]);

    await expectIndexToEqualDisk();
    expect((await entries()).get('a/b/one.txt')).toMatchObject({ id: one, tags: ['kept'] });
    expect(await events()).toEqual(['deleted a', 'restored a']);
  });

  it('should know what came into a folder while it was away', async () => {
    await put('a/b/one.txt', '1');
    await scan();
    await tag('a/b/one.txt');
    await rename(at('a'), `${drive.place}-away`);
    await look(['', ['a']]);
    await mkdir(`${drive.place}-away/new`);
    await writeFile(`${drive.place}-away/new/two.txt`, 'two');
    await rename(`${drive.place}-away/b`, `${drive.place}-away/new/b`);
    await rename(`${drive.place}-away`, at('a'));

    await look(['', ['a']]);

    await expectIndexToEqualDisk();
    expect((await entries()).get('a/new/b/one.txt')?.tags).toEqual(['kept']);
  });

  it('should know what was moved in a folder while it was away when a scan finds it back', async () => {
    await put('a/b/c/one.txt', '1');
    await put('a/b/d/two.txt', '22');
    for (const name of ['a/b/d', 'a/b/c', 'a/b', 'a'])
      await utimes(at(name), new Date(2020, 1), new Date(2020, 1));
    await scan();
    const one = await tag('a/b/c/one.txt');
    const away = `${drive.place}-away`;
    await rename(at('a'), away);
    await look(['', ['a']]);
    await rename(`${away}/b/c/one.txt`, `${away}/b/d/one.txt`);
    await rename(away, at('elsewhere'));

    await scan();

    await expectIndexToEqualDisk();
    expect(await idOf('elsewhere/b/d/one.txt')).toBe(one);
  });

  it('should know what was written in a file while its folder was missing', async () => {
    await put('a/b/one.txt', '1');
    for (const name of ['a/b', 'a']) await utimes(at(name), new Date(2020, 1), new Date(2020, 1));
    await scan();
    await rename(at('a'), at('z'));
    await writeFile(at('z/b/one.txt'), 'longer');
    await look(['', ['a']]);
    await look(['', ['z']]);

    await scan();

    expect((await entries()).get('z/b/one.txt')?.size).toBe(6);
  });

  it('should count rightly what is back after a part of it has come back elsewhere', async () => {
    await put('a/b/one.txt', '1');
    await put('a/two.txt', '22');
    await mkdir(at('z'));
    await scan();
    await put('a/b/three.txt', '333');
    await look(['a/b', null]);
    const away = `${drive.place}-away`;
    await rename(at('a'), away);
    await look(['', ['a']]);
    await foldTotals();
    await expectIndexToEqualDisk();
    await rename(`${away}/b`, at('z/b'));
    await look(['z', ['b']]);
    await rename(away, at('a'));
    await look(['', ['a']]);

    await foldTotals();
    await expectIndexToEqualDisk();
  });

  it('should recognise a file by size, time and name when it was copied elsewhere and removed', async () => {
    await put('a/one.txt', 'the same');
    await put('b/.keep');
    await utimes(at('a/one.txt'), 1_700_000_000, 1_700_000_000);
    await scan();
    const id = await tag('a/one.txt');
    await put('b/one.txt', 'the same');
    await utimes(at('b/one.txt'), 1_700_000_000, 1_700_000_000);
    await rm(at('a/one.txt'));

    await look(['a', ['one.txt']], ['b', ['one.txt']]);

    await expectIndexToEqualDisk();
    expect((await entries()).get('b/one.txt')).toMatchObject({ id, tags: ['kept'] });
  });

  it('should make a new entry, and keep the old one as missing, when two could be it', async () => {
    await put('a/one.txt', 'the same');
    await scan();
    await tag('a/one.txt');
    const { mtime } = await stat(at('a/one.txt'));
    for (const name of ['b/one.txt', 'c/one.txt']) {
      await put(name, 'the same');
      await utimes(at(name), mtime, mtime);
    }
    await rm(at('a/one.txt'));

    await scan();

    await expectIndexToEqualDisk();
    expect((await entries()).get('[a/one.txt]')).toMatchObject({ tags: ['kept'] });
  });

  it('should change the kind of a path when a folder takes the place of a file', async () => {
    await put('thing', 'a file');
    await scan();
    await rm(at('thing'));
    await put('thing/inside.txt', 'x');

    await scan();

    await expectIndexToEqualDisk();
  });

  it('should know names that are no UTF-8, twins of NFC and NFD, and control characters', async () => {
    const broken = Buffer.concat([
      Buffer.from(`${drive.place}/`),
      Buffer.from('caf\xe9', 'latin1'),
    ]);
    await mkdir(broken);
    await writeFile(Buffer.concat([broken, Buffer.from('/inside\xff.txt', 'latin1')]), 'x');
    await put('é.txt'.normalize('NFC'), 'nfc');
    await put('é.txt'.normalize('NFD'), 'nfd');
    await put('line\nbreak\tand\\slash.txt', 'x');

    await scan();
    await expectIndexToEqualDisk();
    await scan({ isFull: true });
    await expectIndexToEqualDisk();
    expect(await events()).toEqual([]);
  });

  it('should show a link, and follow it nowhere', async () => {
    await mkdir(`${drive.place}-outside`);
    await writeFile(`${drive.place}-outside/secret.txt`, 'x');
    await symlink(`${drive.place}-outside`, at('way out'));
    await symlink('nowhere', at('broken'));

    await scan();

    expect([...(await entries()).keys()]).toEqual(['broken', 'way out']);
  });

  it('should give each name of a file an entry of its own when it has several', async () => {
    await put('one.txt', 'x');
    await scan();
    const id = await tag('one.txt');
    await link(at('one.txt'), at('two.txt'));
    await look(['', null]);

    await rm(at('one.txt'));
    await look(['', null]);

    await expectIndexToEqualDisk();
    expect(await idOf('two.txt')).not.toBe(id);
  });

  it('should ask first when more than a fifth is gone, and forget it when it was told to', async () => {
    for (let number = 0; number < 60; number += 1) await put(`many/${number}.txt`, 'x');
    for (let number = 0; number < 60; number += 1) await put(`few/${number}.txt`, 'x');
    await scan();
    await rm(at('many'), { recursive: true });

    const asked = await scan();
    expect(asked.question).toEqual({ missingCount: 61, entryCount: 122 });
    expect((await entries()).has('many/7.txt')).toBe(true);

    expect(await scan({ toleratedCount: 61 })).toMatchObject({ question: null });
    expect((await entries()).has('many/7.txt')).toBe(true);
    expect(await scan({ toleratedCount: null })).toMatchObject({ question: null });
    await expectIndexToEqualDisk();
  });

  it('should take nothing as gone that a look misses, and call for a scan, when it is more than a fifth', async () => {
    for (let number = 0; number < 60; number += 1) await put(`many/${number}.txt`, 'x');
    await put('few/one.txt', 'x');
    await scan();
    await rename(at('many'), `${drive.place}-away`);
    await put('few/two.txt', 'x');

    expect(await look(['', ['many']], ['few', null])).toMatchObject({ isDoubtful: true });
    const known = await entries();
    expect(known.has('many/7.txt')).toBe(true);
    expect(known.has('few/two.txt')).toBe(true);
    expect((await scan()).question).toEqual({ missingCount: 61, entryCount: 64 });
  });

  it('should ask as well when something else has taken the name of what is gone', async () => {
    for (let number = 0; number < 60; number += 1) await put(`many/${number}.txt`, 'x');
    await scan();
    await rename(at('many'), `${drive.place}-away`);
    await put('many', 'a file');

    expect((await scan()).question).toEqual({ missingCount: 61, entryCount: 61 });
    expect((await entries()).has('many/7.txt')).toBe(true);

    await scan({ toleratedCount: null });
    await expectIndexToEqualDisk();
  });

  it('should not ask when a scan finds elsewhere what is gone from its place', async () => {
    for (let number = 0; number < 60; number += 1) await put(`many/${number}.txt`, 'x');
    await put('other/one.txt', 'x');
    await scan();
    await rename(at('many'), at('other/many'));

    expect(await scan()).toMatchObject({ question: null });

    await expectIndexToEqualDisk();
  });

  it.each(['scan', 'look'])(
    'should take nothing of a folder for gone when another takes its name while a %s is under way',
    async (how) => {
      await put('a/mine.txt', '1');
      await put('b/other.txt', '1');
      await scan();
      const mine = await tag('a/mine.txt');
      const other = await tag('b/other.txt');
      for (const name of ['a', 'b']) await utimes(at(name), new Date(2020, 1), new Date(2020, 1));
      const ids = await Promise.all(['a', 'b'].map(idOf));
      // As two renames in the app, between what a walk knows and when it opens “a”: “a” becomes “c”, and “b” “a”.
      const { store, ...others } = stores();
      let renaming: Promise<void> | null = null;
      const renames = async () => {
        await rename(at('a'), at('c'));
        await rename(at('b'), at('a'));
        for (const [index, name] of ['c', 'a'].entries())
          await client.query(
            `update file_metadata set filename = $2, version = version + 1 where id = $1`,
            [ids[index], name],
          );
      };
      const asThen = async <Rows>(rows: Rows): Promise<Rows> => {
        await (renaming ??= renames());
        return rows;
      };
      const { reads } = store;
      const children = reads.readChildren.bind(reads);
      const ways = reads.findWays.bind(reads);
      if (how === 'scan')
        reads.readChildren = async (...wanted) => asThen(await children(...wanted));
      else reads.findWays = async (ids) => asThen(await ways(ids));
      const walk = new DriveIndex(
        drive,
        new DriveRoot(drive),
        { store, ...others },
        { watch: null, isWanted: () => false, turn: () => undefined },
      );

      if (how === 'scan')
        await walk.scan({ kind: 'scan', drive, isFull: true, toleratedCount: 0, cursor: null });
      else
        await walk.look({
          kind: 'look',
          drive,
          folders: [{ folderId: ids[0] ?? '', names: null }],
        });

      await expectIndexToEqualDisk();
      expect((await entries()).get('c/mine.txt')).toMatchObject({ id: mine, tags: ['kept'] });
      expect((await entries()).get('a/other.txt')).toMatchObject({ id: other, tags: ['kept'] });
      expect([...(await entries()).keys()].filter((name) => name.startsWith('['))).toEqual([]);
    },
  );

  it('should take nothing as gone in a folder that is just being moved to a name that another one bears', async () => {
    await put('a/mine.txt');
    await scan();
    const a = await idOf('a');
    await client.query(
      `update file_metadata set state = 'moving', source_filename = filename, source_parent_id = parent_id, filename = 'b',
         sort_key = 'b', folded_name = 'b', lease_holder = $2, lease_until = now() + interval '1 minute' where id = $1`,
      [a, uuid7()],
    );
    await mkdir(at('b'));
    const { busy } = await look(['b', null]);

    expect([...(await entries()).keys()]).toEqual(['b', 'b/mine.txt']);
    expect(busy).toContain(a);
  });

  it.each([
    ['moving', ', source_parent_id = parent_id, source_filename = filename'],
    ['deleting', ''],
    ['replacing', `, staged_name = 'x', replacement = '{}'`],
  ])(
    'should wait for the end of our own write, and keep the id, when an entry is renamed outside while it is %s',
    async (state, details) => {
      await put('a/folder/one.txt', '1');
      await put('a/two.txt', '22');
      await mkdir(at('b'));
      await scan();
      const names = state === 'replacing' ? ['two.txt'] : ['folder', 'two.txt'];
      const ids = await Promise.all(names.map((name) => tag(`a/${name}`)));
      const write = async (changes: string) =>
        client.query(
          `update file_metadata set ${changes}, version = version + 1 where id = any ($1)`,
          [ids],
        );
      await write(`state = '${state}', lease_holder = id, lease_until = now() ${details}`);
      for (const name of names) await rename(at('a', name), at('b', `renamed ${name}`));

      const { busy } = await look(['b', names.map((name) => `renamed ${name}`)], ['a', null]);

      expect(busy).toContain(await idOf('b'));
      expect([...(await entries()).keys()].filter((place) => place.startsWith('b/'))).toEqual([]);
      await write(
        `state = 'live', staged_name = null, lease_holder = null, lease_until = null, source_parent_id = null,
           source_filename = null, replacement = null`,
      );
      await look(['b', null], ['a', null]);

      await expectIndexToEqualDisk();
      for (const [index, name] of names.entries())
        expect((await entries()).get(`b/renamed ${name}`)).toMatchObject({
          id: ids[index],
          tags: ['kept'],
        });
    },
  );

  it('should look again at a folder when an entry is tagged while it was found moved or changed', async () => {
    await put('a/moved.txt', '1');
    await put('a/changed.txt', '1');
    await mkdir(at('z'));
    await scan();
    for (const name of ['a', 'z']) await utimes(at(name), new Date(2020, 1), new Date(2020, 1));
    await rename(at('a/moved.txt'), at('z/moved.txt'));
    await writeFile(at('a/changed.txt'), 'longer');
    for (const name of ['a', 'z']) await utimes(at(name), new Date(2021, 1), new Date(2021, 1));
    const { store, ...others } = stores();
    const lock = store.lockTotals.bind(store);
    let tagging: Promise<unknown> | null = null;
    store.lockTotals = async (driveId) => {
      await lock(driveId);
      await (tagging ??= Promise.all(['a/moved.txt', 'a/changed.txt'].map(tag)));
    };
    const hooks = { watch: null, isWanted: () => false, turn: () => undefined };
    const walk = new DriveIndex(drive, new DriveRoot(drive), { store, ...others }, hooks);

    const ids = await Promise.all(['a', 'z'].map(idOf));
    const folders = ids.map((id) => ({ folderId: id ?? '', names: null }));
    const { busy } = await walk.look({ kind: 'look', drive, folders });
    expect(busy).toEqual(expect.arrayContaining(ids));
    await scan();

    await expectIndexToEqualDisk();
    expect((await entries()).get('z/moved.txt')?.tags).toEqual(['kept']);
  });

  it('should make no circle of folders when their order was turned round outside', async () => {
    await put('outer/inner/one.txt', '1');
    await scan();
    const outer = await tag('outer');
    await rename(at('outer/inner'), at('inner'));
    await rename(at('outer'), at('inner/outer'));
    const { store, ...others } = stores();
    const lift = store.liftEntries.bind(store);
    let isFirst = true;
    store.liftEntries = async (...wanted) => {
      if (isFirst) await tag('outer/inner');
      isFirst = false;
      return lift(...wanted);
    };
    const hooks = { watch: null, isWanted: () => false, turn: () => undefined };
    const walk = new DriveIndex(drive, new DriveRoot(drive), { store, ...others }, hooks);

    await client.query(`set statement_timeout to '5s'`);
    await walk.scan({ kind: 'scan', drive, isFull: true, toleratedCount: 0, cursor: null });
    await scan();

    await expectIndexToEqualDisk();
    expect((await entries()).get('inner/outer')).toMatchObject({ id: outer, tags: ['kept'] });
  });

  it('should list a folder without what is in its folders, and a scan goes on from there', async () => {
    await put('a/b/one.txt', '1');
    await put('a/two.txt', '22');
    await index().list({ kind: 'list', drive, folderId: drive.rootFolderId });
    expect([...(await entries()).keys()]).toEqual(['a']);
    await index().list({ kind: 'list', drive, folderId: (await idOf('a')) ?? '' });
    expect([...(await entries()).keys()]).toEqual(['a', 'a/b', 'a/two.txt']);

    await scan();

    await expectIndexToEqualDisk();
  });

  it('should not look again and again at a folder when its time lies in the future', async () => {
    await put('odd/one.txt');
    const soon = new Date(Date.now() + 400 * 24 * 60 * 60_000);
    await utimes(at('odd'), soon, soon);
    await utimes(drive.place, new Date(2020, 1), new Date(2020, 1));

    const { busy } = await scan();

    expect(busy).toEqual([]);
  });

  it('should know what is a file by now when a link was missing from its place', async () => {
    await symlink('elsewhere', at('thing'));
    await put('other.txt');
    await scan();
    await rm(at('thing'));
    await look(['', ['thing']]);
    await put('thing', 'a file');

    await look(['', ['thing']]);

    const { rows } = await client.query(
      `select nature, link_target from file_metadata where drive_id = $1 and filename = 'thing' and state = 'live'`,
      [drive.driveId],
    );
    expect(rows).toEqual([{ nature: 'plain', link_target: null }]);
  });

  it('should ask again when what somebody said to keep is back, and gone once more', async () => {
    for (let number = 0; number < 60; number += 1) await put(`many/${number}.txt`, 'x');
    await scan();
    await rename(at('many'), `${drive.place}-away`);
    expect(await scan({ toleratedCount: 61 })).toMatchObject({ question: null, isSettled: false });
    await rename(`${drive.place}-away`, at('many'));

    expect(await scan({ toleratedCount: 61 })).toMatchObject({ question: null, isSettled: true });
  });
});
