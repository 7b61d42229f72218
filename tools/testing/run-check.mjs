/**
 * Format, lint, types, unit tests and drift in one go: `npm run check`. Goes on after a failure, so that
 * one run shows all there is to mend.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';

import { projectsWith } from './projects.mjs';
import { table } from './summary.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');

const CHECKS = [
  { name: 'format', command: 'prettier --check .' },
  { name: 'lint', command: 'nx run-many -t lint --outputStyle=static' },
  { name: 'types', command: 'nx run-many -t typecheck --outputStyle=static' },
  ...projectsWith(root, 'test').map(({ project, command }) => ({
    name: `unit: ${project}`,
    command,
  })),
];

let isStopping = false;
let running = null;

function stop() {
  isStopping = true;
  if (running !== null) process.kill(-running.pid, 'SIGTERM');
}

function run(command) {
  return new Promise((resolve, reject) => {
    running = spawn(command, {
      shell: true,
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      detached: true,
      env: {
        ...process.env,
        PATH: `${path.join(root, 'node_modules', '.bin')}${path.delimiter}${process.env.PATH}`,
        NX_DAEMON: 'false',
        NX_TUI: 'false',
      },
    });
    running.on('error', reject);
    running.on('exit', (code) => {
      running = null;
      resolve(code ?? 1);
    });
  });
}

async function main() {
  const rows = [];
  for (const { name, command } of CHECKS) {
    if (isStopping) break;
    process.stdout.write(`\n━━ ${name} ━━\n\n`);
    const startedAt = performance.now();
    const code = await run(command);
    rows.push([
      name,
      code === 0 ? 'ok' : 'FAILED',
      `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    ]);
  }
  process.stdout.write(`\n━━ summary ━━\n\n${table([['check', 'result', 'time'], ...rows])}\n`);
  return isStopping || rows.some(([, result]) => result !== 'ok') ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect']) process.on(signal, stop);
process.exitCode = await main();
if (process.connected) process.disconnect();
