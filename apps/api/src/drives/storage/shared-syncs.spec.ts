import { describe, expect, it } from '@jest/globals';

import { SharedSyncs } from './shared-syncs';

/** An fsync whose end is in our hands. */
class Disk {
  readonly ends: { resolve: () => void; reject: (error: Error) => void }[] = [];

  readonly sync = (): Promise<void> =>
    new Promise((resolve, reject) => this.ends.push({ resolve, reject }));
}

async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve));
}

describe('SharedSyncs', () => {
  it('should do with one more sync for all who came while one was under way', async () => {
    const disk = new Disk();
    const syncs = new SharedSyncs();
    const done: string[] = [];
    const ask = (who: string, key = 'folder') => {
      void syncs.sync(key, disk.sync).then(() => done.push(who));
    };
    ask('first');
    ask('second');
    ask('third');
    ask('elsewhere', 'another folder');
    await turn();
    expect(disk.ends).toHaveLength(2);

    disk.ends[0]?.resolve();
    await turn();
    expect(done).toEqual(['first']);
    expect(disk.ends).toHaveLength(3);

    ask('fourth');
    disk.ends[2]?.resolve();
    await turn();
    expect(done).toEqual(['first', 'second', 'third']);
    disk.ends[3]?.resolve();
    await turn();
    expect(done).toEqual(['first', 'second', 'third', 'fourth']);

    ask('fifth');
    await turn();
    expect(disk.ends).toHaveLength(5);
  });

  it('should tell a failure to those alone whose changes it was about', async () => {
    const disk = new Disk();
    const syncs = new SharedSyncs();
    const first = syncs.sync('folder', disk.sync);
    const second = syncs.sync('folder', disk.sync);
    const third = syncs.sync('folder', disk.sync);
    const outcomes = Promise.allSettled([first, second, third]);
    disk.ends[0]?.resolve();
    await turn();
    disk.ends[1]?.reject(new Error('EIO'));
    await turn();

    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
    ]);
    const after = syncs.sync('folder', disk.sync);
    disk.ends[2]?.resolve();
    await expect(after).resolves.toBeUndefined();
  });
});
