import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from '@jest/globals';
import * as z from 'zod';

import { threadProgram } from './platform/threads/thread-program';

const IMPORTED = /\bfrom\s*"(\.[^"]+)"|\bimport\s*"(\.[^"]+)"/g;
const PACKAGE = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)\//;

const sourceMap = z.object({ sources: z.array(z.string()) });

/** The packages whose code is in a built program, or in what it loads at its start. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(file)) return found;
  seen.add(file);
  for (const source of sourceMap.parse(JSON.parse(readFileSync(`${file}.map`, 'utf8'))).sources) {
    const name = PACKAGE.exec(source)?.[1];
    if (name !== undefined) found.add(name);
  }
  for (const [, from, alone] of readFileSync(file, 'utf8').matchAll(IMPORTED))
    for (const name of packagesOf(path.resolve(path.dirname(file), from ?? alone ?? ''), seen))
      found.add(name);
  return found;
}

const FILE_TYPE = [
  ...['file-type', 'strtok3', 'token-types', '@borewit/text-codec', 'ieee754', 'uint8array-extras'],
  ...['@tokenizer/inflate', 'debug', 'ms', 'supports-color', 'has-flag'],
];
const MIME_TYPES = ['mime-types', 'mime-db'];
const PG = [
  ...[
    'pg',
    'pg-cloudflare',
    'pg-connection-string',
    'pg-int8',
    'pg-pool',
    'pg-protocol',
    'pg-types',
  ],
  ...['pgpass', 'postgres-array', 'postgres-bytea', 'postgres-date', 'postgres-interval'],
  ...['split2', 'xtend'],
];

/** Each package is loaded once more for each thread: the server as a whole would be 30 MB. */
it.each([
  [
    'index-worker',
    [...FILE_TYPE, ...MIME_TYPES, ...PG, 'pg-copy-streams', 'picomatch', 'uuid', 'zod'].sort(),
  ],
  ['small-files-worker', []],
])('should load only what it needs when %s is started', (name, expected) => {
  const packages = packagesOf(fileURLToPath(threadProgram(name)));
  expect([...packages].sort()).toEqual(expected);
});
