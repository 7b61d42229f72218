import path from 'node:path';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ counts: Counts, byCapability: Record<string, Counts>, failures: string[] }} Report
 *   `byCapability` counts the tests that declare a capability, by its name; `failures` are titles, whole
 */

/** Tests that need something of the machine say so in the title of their group: `a full disk [needs mount]`. */
const NEEDS = /\[needs ([a-z0-9-]+)\]/;

/** What a runner that told nothing has run. @returns {Report} */
export function noReport() {
  return { counts: noCounts(), byCapability: {}, failures: [] };
}

export function noCounts() {
  return { passed: 0, failed: 0, skipped: 0 };
}

/** @param {Counts[]} all */
export function sumOf(all) {
  return all.reduce(
    (sum, counts) => ({
      passed: sum.passed + counts.passed,
      failed: sum.failed + counts.failed,
      skipped: sum.skipped + counts.skipped,
    }),
    noCounts(),
  );
}

/** @returns {Report} */
export function readJestReport(report) {
  const reading = noReport();
  for (const file of report.testResults) {
    for (const { ancestorTitles, title, status } of file.assertionResults) {
      count(reading, outcomeOfJest(status), [...ancestorTitles, title]);
    }
    // A file that could not be loaded has no test that could have failed.
    if (file.status === 'failed' && file.assertionResults.length === 0)
      count(reading, 'failed', [path.basename(file.name)]);
  }
  return reading;
}

function outcomeOfJest(status) {
  if (status === 'passed') return 'passed';
  return status === 'failed' ? 'failed' : 'skipped';
}

/** @returns {Report} */
export function readPlaywrightReport(report) {
  const reading = noReport();
  for (const suite of report.suites) countSuite(reading, suite, []);
  // What went wrong outside of any test, such as a file that could not be loaded.
  for (const { message } of report.errors)
    count(reading, 'failed', [message?.split('\n')[0] ?? 'an error outside of any test']);
  return reading;
}

function countSuite(reading, suite, titles) {
  const ownTitles = [...titles, suite.title];
  for (const spec of suite.specs ?? []) {
    for (const { status } of spec.tests)
      count(reading, outcomeOfPlaywright(status), [...ownTitles, spec.title]);
  }
  for (const inner of suite.suites ?? []) countSuite(reading, inner, ownTitles);
}

function outcomeOfPlaywright(status) {
  if (status === 'expected') return 'passed';
  return status === 'skipped' ? 'skipped' : 'failed';
}

function count(reading, outcome, titles) {
  reading.counts[outcome] += 1;
  if (outcome === 'failed') reading.failures.push(titles.filter(Boolean).join(' › '));
  for (const title of titles) {
    const capability = NEEDS.exec(title)?.[1];
    if (capability === undefined) continue;
    reading.byCapability[capability] ??= noCounts();
    reading.byCapability[capability][outcome] += 1;
  }
}
