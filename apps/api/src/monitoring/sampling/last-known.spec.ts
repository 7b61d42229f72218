import { describe, expect, it } from '@jest/globals';

import { LastKnown } from './last-known';

const LONG_MS = 60_000;

describe('LastKnown', () => {
  it('should give the new answer when it comes in time', async () => {
    let count = 0;
    const known = new LastKnown(async () => (count += 1));

    expect(await known.refresh(LONG_MS)).toBe(1);
    expect(await known.refresh(LONG_MS)).toBe(2);
  });

  it('should not ask again when the last question is young', async () => {
    let count = 0;
    const known = new LastKnown(async () => (count += 1));

    await known.refresh(LONG_MS, LONG_MS);

    expect(await known.refresh(LONG_MS, LONG_MS)).toBe(1);
  });

  it('should ask once when many want to know at the same time', async () => {
    let count = 0;
    const known = new LastKnown(async () => (count += 1));

    await Promise.all([known.refresh(LONG_MS), known.refresh(LONG_MS), known.refresh(LONG_MS)]);

    expect(count).toBe(1);
  });

  it('should give the last answer when a question fails, and the reason', async () => {
    const answers = [async () => 'first', async () => Promise.reject(new Error('away'))];
    const known = new LastKnown(async () => (await answers.shift()?.()) ?? 'later');
    await known.refresh(LONG_MS);

    expect(await known.refresh(LONG_MS)).toBe('first');
    expect(known.lastFailure).toEqual(new Error('away'));
    expect(await known.refresh(LONG_MS)).toBe('later');
    expect(known.lastFailure).toBeNull();
  });

  it('should give what is known when a question is never answered, and not ask another', async () => {
    let count = 0;
    const known = new LastKnown(async () => {
      count += 1;
      return count === 1 ? 'first' : new Promise<string>(() => undefined);
    });
    await known.refresh(LONG_MS);

    expect(await known.refresh(1)).toBe('first');
    expect(await known.refresh(0)).toBe('first');
    expect(count).toBe(2);
  });
});
