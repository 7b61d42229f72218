import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect, it } from '@jest/globals';

import { threadProgram } from './platform/threads/thread-program';

const IMPORTED = /^(?:import|export)\b[^;]*?["']([^"']+)["'];$/gms;

/** The packages that a built program loads, by itself or by what it imports. */
function packagesOf(file: string, seen = new Set<string>()): Set<string> {
  const found = new Set<string>();
  if (seen.has(file)) return found;
  seen.add(file);
  for (const [, source = ''] of readFileSync(file, 'utf8').matchAll(IMPORTED)) {
    if (source.startsWith('.'))
      for (const name of packagesOf(path.resolve(path.dirname(file), source), seen))
        found.add(name);
    else if (!source.startsWith('node:')) found.add(source);
  }
  return found;
}

/** Each package is loaded once more for each thread: the server as a whole would be 30 MB. */
it.each([
  [
    'index-worker',
    ['file-type', 'mime-types', 'pg', 'pg-copy-streams', 'picomatch', 'uuid', 'zod'],
  ],
  ['small-files-worker', []],
])('should load only what it needs when %s is started', (name, expected) => {
  const packages = packagesOf(fileURLToPath(threadProgram(name)));
  expect([...packages].sort()).toEqual(expected);
});
