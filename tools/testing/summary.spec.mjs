import { describe, expect, it } from '@jest/globals';

import { closingLine, failureList, stageTable, table, testsNeeding } from './summary.mjs';

const stage = (name, byCapability = {}) => ({
  name,
  counts: { passed: 12, failed: 0, skipped: 3 },
  byCapability,
  failures: [],
  durationMs: 1234,
});

describe('the summary', () => {
  it('should close with a line that programs read', () => {
    expect(closingLine({ passed: 12, failed: 1, skipped: 0 })).toBe(
      '12 passed, 1 failed, 0 skipped',
    );
  });

  it('should name what failed, where and why', () => {
    const failures = [
      { title: 'x › should y', reason: 'expected 1\nreceived 2' },
      { title: 'z', reason: '' },
    ];

    expect(failureList([stage('a'), { ...stage('unit: api'), failures }]).split('\n')).toEqual([
      'failed: unit: api: x › should y',
      '    expected 1',
      '    received 2',
      'failed: unit: api: z',
    ]);
  });

  it('should stand in columns, numbers at the right', () => {
    expect(
      table([
        ['stage', 'passed'],
        ['a long name', 5],
        ['b', 1234],
      ]),
    ).toBe('stage        passed\na long name       5\nb              1234');
  });

  it('should show what each stage counted and how long it took', () => {
    expect(stageTable([stage('unit')]).split('\n')[1]).toBe(
      'unit       12       0        3  1.2 s',
    );
  });

  it('should add up the tests of one capability over all stages', () => {
    const mount = { passed: 1, failed: 0, skipped: 2 };

    expect(
      testsNeeding('mount', [stage('a', { mount }), stage('b', { mount, strace: mount })]),
    ).toEqual({
      passed: 2,
      failed: 0,
      skipped: 4,
    });
    expect(testsNeeding('fuse', [stage('a', { mount })])).toEqual({
      passed: 0,
      failed: 0,
      skipped: 0,
    });
  });
});
