import { describe, expect, it } from '@jest/globals';

import { readJestReport, readPlaywrightReport, sumOf } from './reports.mjs';

/** As runners tell it: in colours, with blank lines and a stack. */
const FAILURE = '\x1b[31mexpected 1\x1b[39m\n\n  received 2\n    at a.ts:3';
const REASON = 'expected 1\n  received 2';

const jestFile = (assertions, status = 'passed') => ({
  name: '/somewhere/a.spec.ts',
  status,
  message: status === 'failed' ? 'no such module' : '',
  assertionResults: assertions.map(([outcome, ...ancestorTitles]) => ({
    status: outcome,
    ancestorTitles,
    title: 'should work',
    failureMessages: outcome === 'failed' ? [FAILURE] : [],
  })),
});

describe('readJestReport', () => {
  it('should count each test by its outcome', () => {
    const report = {
      testResults: [jestFile([['passed'], ['passed'], ['failed'], ['pending'], ['todo']])],
    };

    expect(readJestReport(report).counts).toEqual({ passed: 2, failed: 1, skipped: 2 });
  });

  it('should count a failure when a file could not be loaded', () => {
    const reading = readJestReport({ testResults: [jestFile([], 'failed')] });

    expect(reading.counts.failed).toBe(1);
    expect(reading.failures).toEqual([{ title: 'a.spec.ts', reason: 'no such module' }]);
  });

  it('should name what failed, with the groups around it, and why', () => {
    const report = {
      testResults: [jestFile([['failed', 'storage', 'a full disk'], ['passed'], ['pending', 'x']])],
    };

    expect(readJestReport(report).failures).toEqual([
      { title: 'storage › a full disk › should work', reason: REASON },
    ]);
  });

  it('should count the tests of a capability when a group around them declares it', () => {
    const report = {
      testResults: [
        jestFile([
          ['passed', 'storage', 'a full disk [needs mount]'],
          ['pending', 'x [needs strace]'],
          ['passed', 'z [needs python3-websockets]'],
          ['passed', 'y'],
        ]),
      ],
    };

    expect(readJestReport(report).byCapability).toEqual({
      mount: { passed: 1, failed: 0, skipped: 0 },
      strace: { passed: 0, failed: 0, skipped: 1 },
      'python3-websockets': { passed: 1, failed: 0, skipped: 0 },
    });
  });
});

describe('readPlaywrightReport', () => {
  const spec = (...statuses) => ({
    title: 'should work',
    tests: statuses.map((status) => ({
      status,
      results: [{ errors: status === 'unexpected' ? [{ message: FAILURE }] : [] }],
    })),
  });

  it('should count the tests of nested groups by their outcome', () => {
    const inner = { title: 'inner', specs: [spec('unexpected'), spec('skipped')] };
    const report = {
      errors: [],
      suites: [{ title: 'a.spec.ts', specs: [spec('expected', 'expected')], suites: [inner] }],
    };

    expect(readPlaywrightReport(report).counts).toEqual({ passed: 2, failed: 1, skipped: 1 });
    expect(readPlaywrightReport(report).failures).toEqual([
      { title: 'a.spec.ts › inner › should work', reason: REASON },
    ]);
  });

  it('should count a test as failed when it passed only when it was tried again', () => {
    expect(
      readPlaywrightReport({ errors: [], suites: [{ title: '', specs: [spec('flaky')] }] }).counts
        .failed,
    ).toBe(1);
  });

  it('should count a failure when a file could not be loaded', () => {
    const reading = readPlaywrightReport({ errors: [{ message: 'no\n  at x' }], suites: [] });

    expect(reading.counts.failed).toBe(1);
    expect(reading.failures).toEqual([{ title: 'no', reason: '' }]);
  });
});

describe('sumOf', () => {
  it('should be all zero when there is nothing to add', () => {
    expect(sumOf([])).toEqual({ passed: 0, failed: 0, skipped: 0 });
  });

  it('should add each kind of outcome for itself', () => {
    const counts = { passed: 1, failed: 2, skipped: 3 };

    expect(sumOf([counts, counts])).toEqual({ passed: 2, failed: 4, skipped: 6 });
  });
});
