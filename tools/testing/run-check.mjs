/**
 * Format, lint, types, unit tests and drift in one go: `npm run check`. Goes on after a failure, so that
 * one run shows all there is to mend.
 */
import path from 'node:path';

import { ProcessGroup } from './process-group.mjs';
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

const processes = new ProcessGroup(root);

async function main() {
  const rows = [];
  for (const { name, command } of CHECKS) {
    if (processes.isStopping) break;
    process.stdout.write(`\n━━ ${name} ━━\n\n`);
    const startedAt = performance.now();
    const code = await processes.run(command, { NX_DAEMON: 'false', NX_TUI: 'false' });
    rows.push([
      name,
      code === 0 ? 'ok' : 'FAILED',
      `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
    ]);
  }
  process.stdout.write(`\n━━ summary ━━\n\n${table([['check', 'result', 'time'], ...rows])}\n`);
  return processes.isStopping || rows.some(([, result]) => result !== 'ok') ? 1 : 0;
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'disconnect'])
  process.on(signal, () => processes.stop());
process.exitCode = await main();
if (process.connected) process.disconnect();
