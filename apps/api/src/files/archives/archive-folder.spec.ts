import { describe, expect, it } from '@jest/globals';

import type { ReadableFolder } from '../../drives';
import { ReadableFile } from '../../drives/storage/readable-file';
import { ArchiveFolder } from './archive-folder';
import { SmallRooms } from './small-rooms';

const STORED = { size: 0, modifiedAt: new Date(), inode: null, birthNs: null };

describe('a folder of an archive', () => {
  it('should look for a file elsewhere when the folder is closed before it is known that it is to be opened', async () => {
    const steps: string[] = [];
    let answer: (files: readonly null[]) => void = () => undefined;
    const file = new ReadableFile(0, STORED, 0o644);
    const held: ReadableFolder = {
      open: async () => {
        steps.push('open');
        return file;
      },
      readSmall: () => new Promise((resolve) => (answer = resolve)),
      close: async () => {
        steps.push('close');
      },
    };
    const folder = new ArchiveFolder(held, async () => {
      steps.push('find');
      return file;
    });
    const reading = folder.readSmall([{ name: 'a', gap: 0 }], new SmallRooms());
    const loaded = reading
      .then((room) => room?.files[0] ?? null)
      .then(async (read) => read ?? folder.open({ id: '1', filename: 'a' }));
    const closing = folder.close();
    answer([null]);
    await Promise.all([loaded, closing]);

    expect(steps.toSorted()).toEqual(['close', 'find']);
  });
});
