import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { transform } from '@swc/core';
import { build } from 'esbuild';

import {
  httpByRequire,
  LEFT_OUTSIDE,
  nestRequires,
  nestTimesWhenUsed,
  notInstalled,
  onlyPostgres,
  tlsWhenUsed,
} from './bundled-packages.mjs';
import { swcOptions } from './swc-options.mjs';

export const root = path.resolve(import.meta.dirname, '..', '..');

/**
 * swc has the metadata of a type of Express look for a global of its name. Node.js has a Request and a Response too,
 * and loads its `fetch` for whoever looks: 3 MB.
 */
const GLOBAL_TYPE = /typeof (Request|Response) === "undefined" \? Object : \1/g;

/** esbuild emits no decorator metadata, so each file of ours goes through swc first. */
const decoratorMetadata = {
  name: 'decorator-metadata',
  setup(pluginBuild) {
    pluginBuild.onLoad({ filter: /\.ts$/ }, async ({ path: file }) => {
      const source = await readFile(file, 'utf8');
      const { code } = await transform(source, { ...swcOptions, filename: file, swcrc: false });
      return { contents: code.replace(GLOBAL_TYPE, 'Object'), loader: 'js' };
    });
  },
};

/** What CommonJS packages in a bundle ask for is Node.js's own, or left outside. */
const REQUIRE =
  'const require = process.getBuiltinModule("node:module").createRequire(import.meta.url);';

/**
 * Bundles programs of ours, `{ name: source }`, with the packages that they use, into a folder that is emptied first.
 * V8 keeps the text of all that was loaded: what nothing uses is left out, and so is white space. Names are not kept
 * where two are alike: for that each function would be given its own whenever it is made, a tenth of what an upload costs.
 * @returns what went into each file, as esbuild's metafile has it
 */
export async function bundleForNode(entryPoints, outdir) {
  await rm(outdir, { recursive: true, force: true });
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: Object.fromEntries(
      Object.entries(entryPoints).map(([name, source]) => [name, path.join(root, source)]),
    ),
    outdir,
    write: false,
    metafile: true,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    external: LEFT_OUTSIDE,
    banner: { js: REQUIRE },
    minifySyntax: true,
    minifyWhitespace: true,
    lineLimit: 120,
    legalComments: 'none',
    sourcemap: true,
    sourcesContent: false,
    outExtension: { '.js': '.mjs' },
    alias: { '@homeserver/dto': path.join(root, 'libs/dto/src/index.ts') },
    plugins: [
      decoratorMetadata,
      notInstalled,
      nestRequires,
      nestTimesWhenUsed,
      onlyPostgres,
      httpByRequire,
      tlsWhenUsed,
    ],
    logLevel: 'error',
  });
  await mkdir(outdir, { recursive: true });
  await Promise.all(outputFiles.map(({ path: file, text }) => writeFile(file, toAscii(text))));
  return metafile;
}

/** A single character beyond ASCII, and V8 keeps the whole text in two bytes a character. esbuild leaves some. */
function toAscii(text) {
  return text.replace(
    /[^\0-\x7f]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
