import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';

import { transform } from '@swc/core';
import { build } from 'esbuild';

import { swcOptions } from './swc-options.mjs';

export const root = path.resolve(import.meta.dirname, '..', '..');

/** esbuild emits no decorator metadata, so each file of ours goes through swc first. */
const decoratorMetadata = {
  name: 'decorator-metadata',
  setup(pluginBuild) {
    pluginBuild.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const { code } = await transform(source, { ...swcOptions, filename: file, swcrc: false });
      return { contents: code, loader: 'js' };
    });
  },
};

/** Bundles programs of ours, `{ name: source }`, into a folder that is emptied first. */
export async function bundleForNode(entryPoints, outdir) {
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: Object.fromEntries(
      Object.entries(entryPoints).map(([name, source]) => [name, path.join(root, source)]),
    ),
    outdir,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    packages: 'external',
    keepNames: true,
    sourcemap: true,
    outExtension: { '.js': '.mjs' },
    alias: { '@homeserver/dto': path.join(root, 'libs/dto/src/index.ts') },
    plugins: [decoratorMetadata],
    logLevel: 'warning',
  });
}
