import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { bundleForNode, root } from '../../apps/api/bundle.mjs';

/** A bundle with TypeORM in it takes seconds where others build too. */
const BUILD_WITHIN_MS = 60_000;

let folder;

beforeEach(() => {
  // Below the root, where packages are found.
  mkdirSync(path.join(root, 'dist'), { recursive: true });
  folder = mkdtempSync(path.join(root, 'dist', 'bundle-spec-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Builds a program of its own, and runs it. @returns what it prints, parsed */
async function run(...lines) {
  const source = path.join(folder, 'program.ts');
  writeFileSync(source, lines.join('\n'));
  const built = path.join(folder, 'built');
  await bundleForNode({ program: path.relative(root, source) }, built);
  return JSON.parse(
    execFileSync(process.execPath, [path.join(built, 'program.mjs')], { cwd: '/' }),
  );
}

describe('bundleForNode', () => {
  it(
    'should load nothing of Node.js that is not used when a program imports http',
    async () => {
      const printed = await run(
        `import { STATUS_CODES } from 'node:http';`,
        `import { METHODS } from 'http';`,
        `const loaded = process.moduleLoadList.filter((name) => name.includes('deps/undici'));`,
        `console.log(JSON.stringify([STATUS_CODES[404], METHODS.includes('GET'), loaded]));`,
      );

      expect(printed).toEqual(['Not Found', true, []]);
    },
    BUILD_WITHIN_MS,
  );

  it(
    'should keep the names of migrations, which databases remember',
    async () => {
      const folderOfMigrations = 'apps/api/src/platform/database/migrations';
      const sources = readdirSync(path.join(root, folderOfMigrations)).filter((name) =>
        /^\d/.test(name),
      );
      const names = sources.map((name) => {
        const text = readFileSync(path.join(root, folderOfMigrations, name), 'utf8');
        return /export class (\w+)/.exec(text)[1];
      });
      const printed = await run(
        `import { MIGRATIONS } from ${JSON.stringify(path.join(root, folderOfMigrations, 'index.ts'))};`,
        `console.log(JSON.stringify(MIGRATIONS.map(({ name }) => name)));`,
      );

      expect(printed).toEqual(names);
    },
    BUILD_WITHIN_MS,
  );

  it(
    'should load TLS when something of it is used, and not before',
    async () => {
      const printed = await run(
        `import * as https from 'https';`,
        `import { createRequire } from 'node:module';`,
        `import tls from 'node:tls';`,
        `const isLoaded = () => process.moduleLoadList.includes('NativeModule tls');`,
        `const before = isLoaded();`,
        `const { TLSSocket } = createRequire(import.meta.url)('tls');`,
        `const used = [tls.TLSSocket === TLSSocket, https.createServer.name, isLoaded()];`,
        `console.log(JSON.stringify([before, ...used]));`,
      );

      expect(printed).toEqual([false, true, 'createServer', true]);
    },
    BUILD_WITHIN_MS,
  );

  it(
    'should have Nest make formatters of times when it writes a log of its own, and not before',
    async () => {
      const printed = await run(
        `import 'reflect-metadata';`,
        `let made = 0;`,
        `const Format = Intl.DateTimeFormat;`,
        `Intl.DateTimeFormat = new Proxy(Format, { construct: (F, a) => ((made += 1), new F(...a)) });`,
        `const { ConsoleLogger, Logger } = await import('@nestjs/common');`,
        `const before = made;`,
        `const time = Logger.getTimestamp();`,
        `class OfItsOwn extends ConsoleLogger { get time() { return this.getTimestamp(); } }`,
        `const isTime = [time, new OfItsOwn().time].map((text) => /\\d:\\d\\d/.test(text));`,
        `console.log(JSON.stringify([before, ...isTime, made]));`,
      );

      expect(printed).toEqual([0, true, true, 2]);
    },
    BUILD_WITHIN_MS,
  );

  it(
    'should have one copy of a package when Nest asks for it at run time',
    async () => {
      const printed = await run(
        `import 'reflect-metadata';`,
        `import { createRequire } from 'node:module';`,
        `import { TypeOrmModule } from '@nestjs/typeorm';`,
        `import { DataSource } from 'typeorm';`,
        `const again = Object.keys(createRequire(import.meta.url).cache).filter((f) => f.includes('typeorm'));`,
        `console.log(JSON.stringify([typeof TypeOrmModule, typeof DataSource, again]));`,
      );

      expect(printed).toEqual(['function', 'function', []]);
    },
    BUILD_WITHIN_MS,
  );

  it(
    'should look for no global when a decorated method takes a response of Express',
    async () => {
      const printed = await run(
        `import 'reflect-metadata';`,
        `import type { Response } from 'express';`,
        `const decorated: MethodDecorator = () => undefined;`,
        `class A { @decorated method(response: Response) { return response; } }`,
        `const [type] = Reflect.getMetadata('design:paramtypes', A.prototype, 'method');`,
        `console.log(JSON.stringify(type.name));`,
      );

      expect(printed).toBe('Object');
    },
    BUILD_WITHIN_MS,
  );

  it(
    'should write ASCII alone, with the same meaning, when the source has other characters',
    async () => {
      const printed = await run(
        'const title = String(`Größe · 💾`);',
        `console.log(JSON.stringify([title, /^[^°💾]$/u.test('💾'), /é/.test('café')]));`,
      );

      expect(printed).toEqual(['Größe · 💾', false, true]);
      for (const name of readdirSync(path.join(folder, 'built')).filter((f) => f.endsWith('.mjs')))
        expect(readFileSync(path.join(folder, 'built', name), 'utf8')).toMatch(/^[\0-\x7f]*$/);
    },
    BUILD_WITHIN_MS,
  );
});
