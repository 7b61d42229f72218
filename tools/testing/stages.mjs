import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { ProcessGroup } from './process-group.mjs';
import { noReport, readJestReport, readPlaywrightReport } from './reports.mjs';

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} command a line for the shell
 * @property {'jest' | 'playwright'} kind
 * @property {Record<string, string>} [environment]
 *
 * @typedef {object} StageResult
 * @property {string} name
 * @property {import('./reports.mjs').Counts} counts
 * @property {Record<string, import('./reports.mjs').Counts>} byCapability
 * @property {import('./reports.mjs').Failure[]} failures
 * @property {number} durationMs
 */

/** How each test runner is told where to write its report, and how that is read. */
const KINDS = {
  jest: {
    arguments: (file) => `--json --outputFile=${file}`,
    environment: () => ({}),
    read: readJestReport,
  },
  playwright: {
    arguments: () => '--reporter=list,json',
    environment: (file) => ({ PLAYWRIGHT_JSON_OUTPUT_NAME: file }),
    read: readPlaywrightReport,
  },
};

/** Runs stages one after the other; each sees the terminal, and is stopped with all that it started. */
export class StageRunner {
  #processes;

  constructor(root) {
    this.#processes = new ProcessGroup(root);
  }

  get isStopping() {
    return this.#processes.isStopping;
  }

  /** @param {Stage} stage @returns {Promise<StageResult>} */
  async run(stage) {
    const kind = KINDS[stage.kind];
    const folder = mkdtempSync(path.join(tmpdir(), 'homeserver-report-'));
    const reportFile = path.join(folder, 'report.json');
    const startedAt = performance.now();
    try {
      const exitCode = await this.#processes.run(`${stage.command} ${kind.arguments(reportFile)}`, {
        ...stage.environment,
        ...kind.environment(reportFile),
      });
      const { counts, byCapability, failures } = readReport(reportFile, kind.read);
      // A runner may fail beside its tests, such as in its set-up.
      if (exitCode !== 0 && counts.failed === 0) {
        counts.failed = 1;
        failures.push({ title: `the runner ended with exit code ${exitCode}`, reason: '' });
      }
      const durationMs = performance.now() - startedAt;
      return { name: stage.name, counts, byCapability, failures, durationMs };
    } finally {
      rmSync(folder, { recursive: true });
    }
  }

  stop() {
    this.#processes.stop();
  }
}

/** A runner that ended before it wrote its report ran nothing that we know of. */
function readReport(file, read) {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return noReport();
  }
  return read(JSON.parse(text));
}
