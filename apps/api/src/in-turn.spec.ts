import { describe, expect, it } from '@jest/globals';

import { inTurn } from './in-turn';

describe('inTurn', () => {
  it('should take each step after the one before it has ended', async () => {
    const taken: string[] = [];
    await inTurn([
      async () => {
        await Promise.resolve();
        taken.push('first');
      },
      () => void taken.push('second'),
    ]);

    expect(taken).toEqual(['first', 'second']);
  });

  it('should take every step, and tell of the first failure, when several fail', async () => {
    const taken: string[] = [];
    const steps = [
      () => Promise.reject(new Error('the application does not close')),
      () => {
        taken.push('database');
        throw new Error('the database does not stop');
      },
      () => void taken.push('lock'),
    ];

    await expect(inTurn(steps)).rejects.toThrow('the application does not close');
    expect(taken).toEqual(['database', 'lock']);
  });
});
