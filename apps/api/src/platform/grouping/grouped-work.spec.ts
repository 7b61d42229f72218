import { afterEach, describe, expect, it, jest } from '@jest/globals';

import { isAboutData } from '../database/database-errors';
import { GroupedWork, type Grouping } from './grouped-work';

class Ledger {
  readonly statements: string[][] = [];
  fault: Error | null = null;
  private endStatement: () => void = () => undefined;

  constructor(private readonly grouping: Partial<Grouping<string>> = {}) {}

  readonly writes = new GroupedWork<string, string>(
    { groupOf: (item) => item.charAt(0), isOfOne: isAboutData, ...this.grouping },
    async (items) => {
      this.statements.push([...items]);
      await new Promise<void>((resolve) => (this.endStatement = resolve));
      if (this.fault !== null) throw this.fault;
      if (items.some((item) => item.endsWith('taken')))
        throw Object.assign(new Error('taken'), { code: '23505' });
      return items.map((item) => `${item} is written`);
    },
  );

  /** Lets the statement that is under way come to its end, and all that follow from it begin. */
  async end(): Promise<void> {
    this.endStatement();
    await new Promise(setImmediate);
  }
}

const turn = () => new Promise(setImmediate);

/** The clock stands still; turns go on. */
function holdTime(): void {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
}

afterEach(() => {
  jest.useRealTimers();
});

describe('GroupedWork', () => {
  it('should write together what comes in one turn, and what comes while a statement is under way', async () => {
    const ledger = new Ledger();
    const first = [ledger.writes.do('a1'), ledger.writes.do('a2')];
    await turn();
    const later = [ledger.writes.do('a3'), ledger.writes.do('a4')];
    await turn();
    expect(ledger.statements).toEqual([['a1', 'a2']]);
    await ledger.end();
    await ledger.end();

    expect(await Promise.all([...first, ...later])).toEqual(
      ['a1', 'a2', 'a3', 'a4'].map((item) => `${item} is written`),
    );
    expect(ledger.statements).toEqual([
      ['a1', 'a2'],
      ['a3', 'a4'],
    ]);
  });

  it('should wait a moment for others when many ask, and not when nobody did for a while', async () => {
    holdTime();
    const ledger = new Ledger({ waitMs: 2 });
    for (const item of ['a1', 'a2', 'a3']) void ledger.writes.do(item);
    await turn();
    await ledger.end();

    void ledger.writes.do('a4');
    await turn();
    void ledger.writes.do('a5');
    await turn();
    expect(ledger.statements).toHaveLength(1);
    jest.advanceTimersByTime(2);
    await turn();
    expect(ledger.statements).toEqual([
      ['a1', 'a2', 'a3'],
      ['a4', 'a5'],
    ]);
    await ledger.end();

    jest.advanceTimersByTime(1001);
    void ledger.writes.do('a6');
    await turn();
    expect(ledger.statements.at(-1)).toEqual(['a6']);
  });

  it('should let nobody wait when two at a time are the most', async () => {
    holdTime();
    const ledger = new Ledger({ waitMs: 2 });
    void ledger.writes.do('a1');
    void ledger.writes.do('a2');
    await turn();
    await ledger.end();

    void ledger.writes.do('a3');
    await turn();
    expect(ledger.statements).toEqual([['a1', 'a2'], ['a3']]);
  });

  it('should have as many under way as may be, and others wait for the next that ends', async () => {
    const ledger = new Ledger({ atOnce: 2 });
    for (const item of ['a1', 'a2', 'a3', 'a4']) {
      void ledger.writes.do(item);
      await turn();
    }
    expect(ledger.statements).toEqual([['a1'], ['a2']]);
    await ledger.end();
    expect(ledger.statements).toEqual([['a1'], ['a2'], ['a3', 'a4']]);
  });

  it("should tell all of a failure that is nobody's", async () => {
    const ledger = new Ledger({ isOfOne: () => false });
    const outcomes = Promise.allSettled(['a1', 'a-taken'].map((item) => ledger.writes.do(item)));
    await turn();
    await ledger.end();

    expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(ledger.statements).toHaveLength(1);
  });

  it('should do a hundred together at most', async () => {
    const ledger = new Ledger();
    const all = Array.from({ length: 150 }, (_, at) => ledger.writes.do(`a${at}`));
    await turn();
    await ledger.end();
    await ledger.end();

    expect(await Promise.all(all)).toHaveLength(150);
    expect(ledger.statements.map(({ length }) => length)).toEqual([100, 50]);
  });

  it('should not have a group wait for another', async () => {
    const ledger = new Ledger();
    void ledger.writes.do('a1');
    void ledger.writes.do('b1');
    await turn();

    expect(ledger.statements).toEqual([['a1'], ['b1']]);
  });

  it('should tell nobody the failure of another', async () => {
    const ledger = new Ledger();
    const outcomes = Promise.allSettled(
      ['a1', 'a-taken', 'a2'].map((item) => ledger.writes.do(item)),
    );
    await turn();
    for (let statement = 0; statement < 4; statement += 1) await ledger.end();

    expect((await outcomes).map(({ status }) => status)).toEqual([
      'fulfilled',
      'rejected',
      'fulfilled',
    ]);
    expect(ledger.statements).toEqual([['a1', 'a-taken', 'a2'], ['a1'], ['a-taken'], ['a2']]);
  });

  it.each(['ECONNREFUSED', '57014'])(
    'should try none by itself when it fails by %s',
    async (code) => {
      const ledger = new Ledger();
      ledger.fault = Object.assign(new Error('away'), { code });
      const outcomes = Promise.allSettled(['a1', 'a2'].map((item) => ledger.writes.do(item)));
      await turn();
      await ledger.end();

      expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
      expect(ledger.statements).toHaveLength(1);
      ledger.fault = null;
      const again = ledger.writes.do('a3');
      await turn();
      await ledger.end();
      expect(await again).toBe('a3 is written');
    },
  );
});
