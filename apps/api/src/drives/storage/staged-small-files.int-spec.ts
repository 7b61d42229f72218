import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { DriveFolders } from './drive-folders';
import { NewEntries } from './new-entries';
import { makeOwnFolders, STAGING } from './own-folder';
import { SmallFilesThread } from './small-files-thread.adapter';
import { StagedSmallFiles } from './staged-small-files';

describe('StagedSmallFiles', () => {
  let root: string;
  let thread: SmallFilesThread;
  let files: StagedSmallFiles;

  beforeEach(async () => {
    root = await mkdtemp(path.join(tmpdir(), 'homeserver-staged-'));
    await makeOwnFolders(root);
    thread = new SmallFilesThread();
    files = new StagedSmallFiles(new DriveFolders('Drive', root), thread, new NewEntries());
  });

  afterEach(async () => {
    await rm(root, { recursive: true });
  });

  const stageAll = (...names: string[]) =>
    Promise.all(names.map((name) => files.stage(name, Buffer.from(`of ${name}`), {})));
  const staged = (name = '') => path.join(root, ...STAGING, name);

  it('should write and name what comes together by one message each', async () => {
    const write = jest.spyOn(thread, 'write');
    const name = jest.spyOn(thread, 'name');
    await stageAll('a', 'b', 'c', 'd');
    const named = await Promise.all(['a', 'b', 'c', 'd'].map((one) => files.publish(one, one)));

    expect(write.mock.calls.map(([written]) => written.length)).toEqual([4]);
    expect(name.mock.calls.map(([renamed]) => renamed.length)).toEqual([4]);
    expect(named).toEqual([true, true, true, true]);
    expect(await readFile(path.join(root, 'd'), 'utf8')).toBe('of d');
    expect(await readdir(staged())).toEqual([]);
  });

  it('should start no thread for two', async () => {
    await stageAll('a', 'b');

    expect(thread.isRunning).toBe(false);
    expect(await files.publish('a', 'a')).toBe(false);
    expect(await readFile(staged('b'), 'utf8')).toBe('of b');
  });

  it('should tell nobody the failure of another', async () => {
    await writeFile(staged('b'), 'there already');
    const outcomes = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => files.stage(name, Buffer.from('new'), {})),
    );
    await writeFile(path.join(root, 'a'), 'there already');

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'EEXIST' } });
    expect(await Promise.all([files.publish('a', 'a'), files.publish('c', 'c')])).toEqual([
      false,
      true,
    ]);
    expect(await readFile(staged('a'), 'utf8')).toBe('new');
  });

  it('should not try again what may not be on the disk', async () => {
    const refusal = { code: 'EIO', message: 'the disk fails' };
    jest
      .spyOn(thread, 'name')
      .mockImplementation(async (some) => some.map((_, index) => index > 0 && { refusal }));
    await stageAll('a', 'b', 'c');
    const [first, ...others] = await Promise.allSettled(
      ['a', 'b', 'c'].map((name) => files.publish(name, name)),
    );

    expect(first).toEqual({ status: 'fulfilled', value: false });
    for (const other of others) expect(other).toMatchObject({ reason: { code: 'EIO' } });
  });
});
