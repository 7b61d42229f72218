import { sumOf } from './reports.mjs';

/** A table with aligned columns; numbers stand at the right. @param {(string | number)[][]} rows the first are the headings */
export function table(rows) {
  const widths = rows[0].map((_, column) =>
    Math.max(...rows.map((row) => String(row[column]).length)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          typeof cell === 'number'
            ? String(cell).padStart(widths[column])
            : cell.padEnd(widths[column]),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/** @param {import('./stages.mjs').StageResult[]} results */
export function stageTable(results) {
  return table([
    ['stage', 'passed', 'failed', 'skipped', 'time', ''],
    ...results.map(({ name, counts, durationMs, reason = '' }) => [
      name,
      counts.passed,
      counts.failed,
      counts.skipped,
      `${(durationMs / 1000).toFixed(1)} s`,
      reason,
    ]),
  ]);
}

/** @param {{ name: string, tests: import('./reports.mjs').Counts, missing: string | null }[]} capabilities */
export function capabilityTable(capabilities) {
  return table([
    ['needs', 'ran', 'skipped', 'why'],
    ...capabilities.map(({ name, tests, missing }) => [
      name,
      tests.passed + tests.failed,
      tests.skipped,
      missing ?? '',
    ]),
  ]);
}

/** What failed, a line each, and why below it: where much is printed, it is found at the end. */
export function failureList(results) {
  return results
    .flatMap(({ name, failures }) =>
      failures.flatMap(({ title, reason }) => [
        `failed: ${name}: ${title}`,
        ...reason
          .split('\n')
          .filter(Boolean)
          .map((line) => `    ${line}`),
      ]),
    )
    .join('\n');
}

/** The line that says it all: `N passed, N failed, N skipped`. */
export function closingLine(counts) {
  return `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
}

/** The tests of all stages that declare a capability. */
export function testsNeeding(capability, results) {
  return sumOf(results.flatMap(({ byCapability }) => byCapability[capability] ?? []));
}
