/**
 * Runs the steps of both Dockerfiles on a clean clone, without a container engine:
 * `node tools/deploy/build-images.mjs <folder>`, as root, which alone may mount. The steps themselves run
 * as an ordinary user on a read-only root. Writes `<folder>/images.json`, which run-images.mjs reads.
 * `umount <folder>` afterwards.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { contextFilter } from './dockerfile.mjs';
import { ImageBuilder } from './image-tree.mjs';

const root = path.resolve(import.meta.dirname, '..', '..');

/** What a container engine would be given of a clean clone. */
function makeContext(work) {
  const clone = path.join(work, 'clone');
  execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone]);
  const isSent = contextFilter(readFileSync(path.join(clone, '.dockerignore'), 'utf8'));
  const context = path.join(work, 'context');
  cpSync(clone, context, {
    recursive: true,
    filter: (source) => statSync(source).isDirectory() || isSent(path.relative(clone, source)),
  });
  return { clone, context };
}

function main(folder) {
  const work = path.resolve(folder);
  mkdirSync(work, { recursive: true });
  // Layers must lie on another filesystem than the system that they are laid over. In memory, 3 GB.
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8g', 'tmpfs', work]);
  const { clone, context } = makeContext(work);
  const registry = execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim();
  const builder = new ImageBuilder(context, work, { npm_config_registry: registry });
  const images = Object.fromEntries(
    ['api', 'web'].map((name) => [name, builder.build(path.join(clone, `Dockerfile.${name}`))]),
  );
  writeFileSync(path.join(work, 'images.json'), JSON.stringify(images, null, 2));
  for (const [name, { tree }] of Object.entries(images)) {
    const [bytes] = execFileSync('du', ['-sb', tree], { encoding: 'utf8' }).split('\t');
    process.stdout.write(`${name}: ${Math.round(Number(bytes) / 1e6)} MB beside its base image\n`);
  }
}

main(process.argv[2]);
