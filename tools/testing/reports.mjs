/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ counts: Counts, byCapability: Record<string, Counts> }} Report
 *   `byCapability` counts the tests that declare a capability, by its name
 */

/** Tests that need something of the machine say so in the title of their group: `a full disk [needs mount]`. */
const NEEDS = /\[needs ([a-z0-9-]+)\]/;

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
  const reading = { counts: noCounts(), byCapability: {} };
  for (const file of report.testResults) {
    for (const { ancestorTitles, status } of file.assertionResults) {
      count(reading, outcomeOfJest(status), ancestorTitles);
    }
    // A file that could not be loaded has no test that could have failed.
    if (file.status === 'failed' && file.assertionResults.length === 0) reading.counts.failed += 1;
  }
  return reading;
}

function outcomeOfJest(status) {
  if (status === 'passed') return 'passed';
  return status === 'failed' ? 'failed' : 'skipped';
}

/** @returns {Report} */
export function readPlaywrightReport(report) {
  const reading = { counts: noCounts(), byCapability: {} };
  for (const suite of report.suites) countSuite(reading, suite, []);
  // What went wrong outside of any test, such as a file that could not be loaded.
  reading.counts.failed += report.errors.length;
  return reading;
}

function countSuite(reading, suite, titles) {
  const ownTitles = [...titles, suite.title];
  for (const spec of suite.specs ?? []) {
    for (const { status } of spec.tests) count(reading, outcomeOfPlaywright(status), ownTitles);
  }
  for (const inner of suite.suites ?? []) countSuite(reading, inner, ownTitles);
}

function outcomeOfPlaywright(status) {
  if (status === 'expected') return 'passed';
  return status === 'skipped' ? 'skipped' : 'failed';
}

function count(reading, outcome, titles) {
  reading.counts[outcome] += 1;
  for (const title of titles) {
    const capability = NEEDS.exec(title)?.[1];
    if (capability === undefined) continue;
    reading.byCapability[capability] ??= noCounts();
    reading.byCapability[capability][outcome] += 1;
  }
}
