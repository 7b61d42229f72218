import { setImmediate } from 'node:timers/promises';

import { describe, expect, it, jest } from '@jest/globals';

import { UploadCutOffError } from './uploads.errors';
import { UploadLocks } from './upload-locks';

describe('UploadLocks', () => {
  it('should interrupt one who is about to write when all are', async () => {
    const locks = new UploadLocks();
    const writer = { idleMs: 0, destroy: jest.fn() };
    let interrupting: Promise<void> | undefined;

    await locks.hold('one', 'patient', async (hold) => {
      interrupting = locks.interruptAll();
      await setImmediate();
      hold.writeBy(writer);
    });

    await interrupting;
    expect(writer.destroy).toHaveBeenCalledWith(expect.any(UploadCutOffError));
  });

  it('should let one go on at a time of many who wait', async () => {
    const locks = new UploadLocks();
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await setImmediate();
      inside -= 1;
    };
    await Promise.all([1, 2, 3, 4].map(() => locks.hold('one', 'patient', work)));

    expect(most).toBe(1);
  });

  it('should leave one alone who is about to write when another is patient', async () => {
    const locks = new UploadLocks();
    const writer = { idleMs: 0, destroy: jest.fn() };
    let settling: Promise<boolean> | undefined;

    await locks.hold('one', 'patient', async (hold) => {
      settling = locks.settle('one', 'patient');
      await setImmediate();
      hold.writeBy(writer);
    });

    await expect(settling).resolves.toBe(true);
    expect(writer.destroy).not.toHaveBeenCalled();
  });
});
