import { describe, expect, it } from '@jest/globals';

import { GatheredReads } from './gathered-reads';

class Library {
  readonly asked: string[][] = [];
  fault: Error | null = null;

  readonly reads = new GatheredReads<{ key: string; title: string }>(async (keys) => {
    this.asked.push([...keys]);
    await Promise.resolve();
    if (this.fault !== null) throw this.fault;
    return keys.filter((key) => key !== 'none').map((key) => ({ key, title: `About ${key}` }));
  });
}

/** After all that is asked in one turn has been. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('GatheredReads', () => {
  it('should ask once when many ask in one turn, and give each its own', async () => {
    const { reads, asked } = new Library();

    const found = await Promise.all(['bees', 'none', 'ants', 'bees'].map((key) => reads.find(key)));

    expect(found.map((row) => row?.title ?? null)).toEqual([
      'About bees',
      null,
      'About ants',
      'About bees',
    ]);
    expect(asked).toEqual([['bees', 'none', 'ants']]);
  });

  it('should ask anew when somebody asks later, also for the same', async () => {
    const { reads, asked } = new Library();
    await reads.find('bees');

    await reads.find('bees');

    expect(asked).toEqual([['bees'], ['bees']]);
  });

  it('should ask once for all who come while others are answered', async () => {
    const { promise: held, resolve: answer } = Promise.withResolvers<void>();
    const asked: string[][] = [];
    const reads = new GatheredReads<{ key: string }>(async (keys) => {
      asked.push([...keys]);
      if (asked.length === 1) await held;
      return keys.map((key) => ({ key }));
    });
    const first = reads.find('bees');
    await turn();
    const second = reads.find('ants');
    await turn();
    const third = reads.find('wasps');
    await turn();
    expect(asked).toEqual([['bees']]);
    answer();

    expect(await Promise.all([first, second, third])).toEqual([
      { key: 'bees' },
      { key: 'ants' },
      { key: 'wasps' },
    ]);
    expect(asked).toEqual([['bees'], ['ants', 'wasps']]);
  });

  it('should let nobody wait for an answer to others that does not come', async () => {
    const reads = new GatheredReads<{ key: string }>(async (keys) =>
      keys.includes('stuck') ? new Promise(() => undefined) : keys.map((key) => ({ key })),
    );
    void reads.find('stuck');
    await turn();

    expect(await reads.find('ants')).toEqual({ key: 'ants' });
  });

  it('should tell all who asked when it fails, and go on with the next', async () => {
    const library = new Library();
    library.fault = new Error('away');

    const outcomes = await Promise.allSettled(
      ['bees', 'ants'].map((key) => library.reads.find(key)),
    );
    library.fault = null;

    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await library.reads.find('bees')).toMatchObject({ title: 'About bees' });
  });

  it('should ask for so many at once that statements stay short', async () => {
    const { reads, asked } = new Library();
    const keys = Array.from({ length: 250 }, (_, index) => `book ${index}`);

    const found = await Promise.all(keys.map((key) => reads.find(key)));

    expect(found.map((row) => row?.key)).toEqual(keys);
    expect(asked.map(({ length }) => length)).toEqual([100, 100, 50]);
  });
});
