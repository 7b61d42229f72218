import { describe, expect, it } from '@jest/globals';

import { DiskSpace, type SpaceInBlocks, type SpaceSource } from './disk-space.adapter';

const LOCAL = { mountPoint: '/', filesystem: 'ext4', isPrompt: true };
const SERVER = { mountPoint: '/mnt/nas', filesystem: 'nfs4', isPrompt: false };
const OTHER_SERVER = { mountPoint: '/mnt/old', filesystem: 'nfs4', isPrompt: false };
const SPACE = { bsize: 4096, frsize: 1024, blocks: 100, bfree: 40, bavail: 30 };

/** Servers that answer when they are told to. */
class FakeSource implements SpaceSource {
  readonly asked: string[] = [];
  private answer: (space: SpaceInBlocks) => void = () => undefined;

  askNow(): SpaceInBlocks {
    return SPACE;
  }

  async ask(mountPoint: string): Promise<SpaceInBlocks> {
    this.asked.push(mountPoint);
    return new Promise((resolve) => {
      this.answer = resolve;
    });
  }

  async answerWith(space: SpaceInBlocks): Promise<void> {
    this.answer(space);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('DiskSpace', () => {
  it('should count in blocks of frsize, and what is free apart from what is available', () => {
    expect(new DiskSpace(new FakeSource()).read([LOCAL])).toEqual([
      {
        mountPoint: '/',
        filesystem: 'ext4',
        totalBytes: 102_400,
        usedBytes: 61_440,
        availableBytes: 30_720,
      },
    ]);
  });

  it('should leave out a disk when it has no space to tell of', () => {
    const failing = {
      askNow: () => {
        throw new Error('EACCES');
      },
      ask: async () => SPACE,
    };
    const empty = { askNow: () => ({ ...SPACE, blocks: 0 }), ask: async () => SPACE };

    expect(new DiskSpace(failing).read([LOCAL])).toEqual([]);
    expect(new DiskSpace(empty).read([LOCAL])).toEqual([]);
  });

  it('should give the rest when a server does not answer', () => {
    const disks = new DiskSpace(new FakeSource());

    expect(disks.read([LOCAL, SERVER]).map(({ mountPoint }) => mountPoint)).toEqual(['/']);
  });

  it('should keep the last answer of a server, in its place', async () => {
    const source = new FakeSource();
    const disks = new DiskSpace(source);
    disks.read([SERVER, LOCAL]);
    await source.answerWith(SPACE);

    expect(disks.read([SERVER, LOCAL]).map(({ mountPoint }) => mountPoint)).toEqual([
      '/mnt/nas',
      '/',
    ]);
  });

  it('should ask servers one after another, and none twice while it has not answered', async () => {
    const source = new FakeSource();
    const disks = new DiskSpace(source);
    disks.read([SERVER, OTHER_SERVER]);
    disks.read([SERVER, OTHER_SERVER]);
    expect(source.asked).toEqual(['/mnt/nas']);

    await source.answerWith(SPACE);

    expect(source.asked).toEqual(['/mnt/nas', '/mnt/old']);
  });

  it('should forget a server when it is unmounted', async () => {
    const source = new FakeSource();
    const disks = new DiskSpace(source);
    disks.read([SERVER]);
    await source.answerWith(SPACE);
    disks.read([]);

    expect(disks.read([SERVER])).toEqual([]);
  });
});
