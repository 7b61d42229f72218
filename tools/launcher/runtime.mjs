import { existsSync } from 'node:fs';
import path from 'node:path';

import { runQuietly } from './processes.mjs';
import { LaunchError, step } from './progress.mjs';

const WANTED = '24.15 or newer of 24, or 26 and newer';

/** Whether the product runs on this version of Node.js: ^24.15.0 || >=26. */
export function isSupported(version) {
  const [major, minor] = version.split('.').map(Number);
  return major >= 26 || (major === 24 && minor >= 15);
}

/**
 * The environment for everything that is run: with the machine's own Node.js where it is new enough,
 * else with the one that `tools/runtime/<platform>` pins, first on PATH.
 */
export async function prepareRuntime(root) {
  // npm tells its scripts where it was called; a second npm must look for itself.
  const environment = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(lifecycle|package|command|config_local_prefix)/.test(name),
    ),
  );
  if (isSupported(process.versions.node)) return { environment, version: process.versions.node };

  const folder = path.join(root, 'tools', 'runtime', `${process.platform}-${process.arch}`);
  if (!existsSync(path.join(folder, 'package.json'))) {
    throw new LaunchError(
      `HomeServer needs Node.js ${WANTED}; this is ${process.versions.node}. Install a newer one from https://nodejs.org and start again.`,
    );
  }
  const binaries = path.join(folder, 'node_modules', '.bin');
  const { default: lock } = await import(path.join(folder, 'package-lock.json'), {
    with: { type: 'json' },
  });
  const [, pinned] = Object.entries(lock.packages).find(([name]) => name !== '');
  const installed = path.join(folder, 'node_modules', `.node-${pinned.version}`);
  if (!existsSync(installed)) {
    await step(
      { doing: `Fetching Node.js ${pinned.version}`, done: `Node.js ${pinned.version} fetched` },
      async () => {
        await runQuietly(
          'npm',
          ['ci', '--ignore-scripts', '--no-audit', '--no-fund'],
          { cwd: folder, env: environment },
          'Node.js could not be fetched from the npm registry',
        );
        const { writeFile } = await import('node:fs/promises');
        await writeFile(installed, '');
      },
    );
  }
  return {
    environment: { ...environment, PATH: `${binaries}${path.delimiter}${environment.PATH}` },
    version: pinned.version,
  };
}
