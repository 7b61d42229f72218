import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Counts
 * @typedef {{ title: string, reason: string }} Failure the title is whole; the reason is how its message begins
 * @typedef {{ counts: Counts, byCapability: Record<string, Counts>, failures: Failure[] }} Report
 *   `byCapability` counts the tests that declare a capability, by its name
 */

/** Enough to tell what was wanted and what came instead. */
const REASON_LINES = 12;

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
    for (const { ancestorTitles, title, status, failureMessages } of file.assertionResults) {
      count(reading, outcomeOfJest(status), [...ancestorTitles, title], failureMessages);
    }
    // A file that could not be loaded has no test that could have failed.
    if (file.status === 'failed' && file.assertionResults.length === 0)
      count(reading, 'failed', [path.basename(file.name)], [file.message]);
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
    for (const { status, results } of spec.tests) {
      const messages = results.flatMap(({ errors }) => errors.map(({ message }) => message));
      count(reading, outcomeOfPlaywright(status), [...ownTitles, spec.title], messages);
    }
  }
  for (const inner of suite.suites ?? []) countSuite(reading, inner, ownTitles);
}

function outcomeOfPlaywright(status) {
  if (status === 'expected') return 'passed';
  return status === 'skipped' ? 'skipped' : 'failed';
}

function count(reading, outcome, titles, messages = []) {
  reading.counts[outcome] += 1;
  if (outcome === 'failed') {
    const title = titles.filter(Boolean).join(' › ');
    reading.failures.push({ title, reason: beginningOf(messages) });
  }
  for (const title of titles) {
    const capability = NEEDS.exec(title)?.[1];
    if (capability === undefined) continue;
    reading.byCapability[capability] ??= noCounts();
    reading.byCapability[capability][outcome] += 1;
  }
}

/** Without colours, blank lines and the lines of a stack. */
function beginningOf(messages) {
  return messages
    .flatMap((message) => stripVTControlCharacters(message ?? '').split('\n'))
    .filter((line) => line.trim() !== '' && !/^\s+at /.test(line))
    .slice(0, REASON_LINES)
    .join('\n');
}
