/**
 * Starts, tests and checks HomeServer on a machine that has only Node.js (20.19 or newer) and npm:
 * brings what is missing, builds what is stale, then runs the command. Plain JavaScript, because it
 * runs before anything else is there.
 */
import path from 'node:path';

import { prepareBuild } from './build.mjs';
import { prepareDependencies } from './dependencies.mjs';
import { runInForeground } from './processes.mjs';
import { LaunchError } from './progress.mjs';
import { prepareRuntime } from './runtime.mjs';
import { SERVER_ENVIRONMENT } from './server-environment.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');

const COMMANDS = {
  start: {
    level: 'start',
    needsBuild: true,
    environment: SERVER_ENVIRONMENT,
    args: ['dist/apps/api/main.mjs'],
  },
  test: { level: 'all', needsBuild: true, args: ['tools/testing/run-tests.mjs'] },
  'test:long': { level: 'all', needsBuild: true, args: ['tools/testing/run-tests.mjs', '--long'] },
  'docs:export': {
    level: 'start',
    needsBuild: true,
    args: ['dist/apps/api/export-documents.mjs'],
  },
  homeserver: {
    level: 'start',
    needsBuild: true,
    stdin: 'inherit',
    args: ['dist/apps/api/operate.mjs'],
  },
  bench: { level: 'start', needsBuild: true, args: ['bench/run.mjs'] },
  check: { level: 'all', needsBuild: false, args: ['tools/testing/run-check.mjs'] },
};

async function main() {
  const command = COMMANDS[process.argv[2]];
  if (command === undefined) {
    throw new LaunchError(
      `Usage: node tools/launcher/launch.mjs ${Object.keys(COMMANDS).join(' | ')}`,
    );
  }
  const runtime = await prepareRuntime(root);
  await prepareDependencies(root, runtime, command.level);
  if (command.needsBuild) await prepareBuild(root, runtime);
  return runInForeground('node', [...command.args, ...process.argv.slice(3)], {
    cwd: root,
    stdin: command.stdin,
    env: withEnvironment(runtime.environment, command.environment),
  });
}

/** Options for Node.js that somebody has given stay, and win. */
function withEnvironment(given, { NODE_OPTIONS: ours = '', ...more } = {}) {
  const options = [ours, given.NODE_OPTIONS ?? ''].filter((words) => words !== '').join(' ');
  return { ...given, ...more, ...(options === '' ? {} : { NODE_OPTIONS: options }) };
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof LaunchError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
