import { describe, expect, it } from '@jest/globals';

import { readJestReport, readPlaywrightReport, sumOf } from './reports.mjs';

const jestFile = (assertions, status = 'passed') => ({
  status,
  assertionResults: assertions.map(([outcome, ...ancestorTitles]) => ({
    status: outcome,
    ancestorTitles,
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
    expect(readJestReport({ testResults: [jestFile([], 'failed')] }).counts.failed).toBe(1);
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
  const spec = (...statuses) => ({ tests: statuses.map((status) => ({ status })) });

  it('should count the tests of nested groups by their outcome', () => {
    const inner = { title: 'inner', specs: [spec('unexpected'), spec('skipped')] };
    const report = {
      errors: [],
      suites: [{ title: 'a.spec.ts', specs: [spec('expected', 'expected')], suites: [inner] }],
    };

    expect(readPlaywrightReport(report).counts).toEqual({ passed: 2, failed: 1, skipped: 1 });
  });

  it('should count a test as failed when it passed only when it was tried again', () => {
    expect(
      readPlaywrightReport({ errors: [], suites: [{ title: '', specs: [spec('flaky')] }] }).counts
        .failed,
    ).toBe(1);
  });

  it('should count a failure when a file could not be loaded', () => {
    expect(readPlaywrightReport({ errors: [{ message: 'no' }], suites: [] }).counts.failed).toBe(1);
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
