import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { runQuietly } from './processes.mjs';
import { step } from './progress.mjs';

const SOURCES = [
  'apps/api',
  'apps/web',
  'libs/dto',
  'libs/ui',
  'nx.json',
  'package-lock.json',
  'package.json',
  'tsconfig.base.json',
];

function* filesBelow(entry) {
  const children = readdirSync(entry, { withFileTypes: true });
  for (const child of children.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const childPath = path.join(entry, child.name);
    if (child.isDirectory()) yield* filesBelow(childPath);
    else if (!/\.(spec|int-spec|generated)\.ts$/.test(child.name)) yield childPath;
  }
}

/** One hash over the names and contents of all that the build reads. */
function hashSources(root) {
  const hash = createHash('sha256');
  for (const source of SOURCES) {
    const sourcePath = path.join(root, source);
    const files = path.extname(source) === '' ? filesBelow(sourcePath) : [sourcePath];
    for (const file of files) {
      const content = readFileSync(file);
      hash.update(`${path.relative(root, file)}\0${content.length}\0`).update(content);
    }
  }
  return hash.digest('hex');
}

/** Builds the API and the web app when their sources changed. */
export async function prepareBuild(root, runtime) {
  const stampFile = path.join(root, 'dist', '.homeserver');
  const wanted = hashSources(root);
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;

  rmSync(stampFile, { force: true });
  await step({ doing: 'Building', done: 'HomeServer built' }, async () => {
    await runQuietly(
      path.join(root, 'node_modules', '.bin', 'nx'),
      ['run-many', '-t', 'build', '-p', 'api,web', '--outputStyle=static'],
      { cwd: root, env: { ...runtime.environment, NX_DAEMON: 'false', NG_CLI_ANALYTICS: 'false' } },
      'The build failed',
    );
  });
  mkdirSync(path.dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, wanted);
}
