import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { runQuietly } from './processes.mjs';
import { step } from './progress.mjs';

/** What a command needs: `start` what builds and runs the product, `all` also what tests it. */
const LEVELS = ['start', 'all'];

function readStamp(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return null; // absent, or cut short by a power cut: both mean that nothing is known to be whole
  }
}

/** Brings node_modules to what the lock file says, when they differ. */
export async function prepareDependencies(root, runtime, level) {
  const lockText = readFileSync(path.join(root, 'package-lock.json'));
  const wanted = {
    lock: createHash('sha256').update(lockText).digest('hex'),
    platform: `${process.platform}-${process.arch}`,
    node: runtime.version.split('.')[0],
    level,
  };
  const stampFile = path.join(root, 'node_modules', '.homeserver.json');
  const stamp = readStamp(stampFile);
  const isCurrent =
    stamp !== null &&
    ['lock', 'platform', 'node'].every((key) => stamp[key] === wanted[key]) &&
    LEVELS.indexOf(stamp.level) >= LEVELS.indexOf(level);
  if (isCurrent) return;

  const packages = packagesToInstall(JSON.parse(lockText.toString('utf8')), level);
  rmSync(stampFile, { force: true });
  await step(
    { doing: 'Installing dependencies', done: 'Dependencies installed' },
    async (report) => {
      const poll = setInterval(() => {
        const present = packages.filter((name) =>
          existsSync(path.join(root, name, 'package.json')),
        );
        report(present.length / packages.length);
      }, 1000);
      try {
        const omit = level === 'start' ? ['--omit=dev'] : [];
        await runQuietly(
          'npm',
          ['ci', '--ignore-scripts', '--no-audit', '--no-fund', ...omit],
          { cwd: root, env: runtime.environment },
          'The dependencies could not be installed',
        );
      } finally {
        clearInterval(poll);
      }
      writeFileSync(stampFile, JSON.stringify(wanted));
      return `${packages.length} packages`;
    },
  );
}

function packagesToInstall(lock, level) {
  return Object.entries(lock.packages)
    .filter(
      ([name, entry]) =>
        name !== '' && isForThisMachine(entry) && !(level === 'start' && entry.dev),
    )
    .map(([name]) => name);
}

function isForThisMachine({ os, cpu, libc }) {
  return (
    (os?.includes(process.platform) ?? true) &&
    (cpu?.includes(process.arch) ?? true) &&
    (libc === undefined || libc.includes('glibc'))
  );
}
