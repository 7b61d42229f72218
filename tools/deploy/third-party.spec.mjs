import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';

import { licencesOf, packagesInside, packagesOutside } from '../../apps/api/third-party.mjs';

describe('packagesOutside', () => {
  it('should name the packages, each once, and nothing of Node.js or our own', () => {
    const load = (source, external) => ({ path: source, kind: 'import-statement', external });
    const outputs = {
      'main.mjs': {
        imports: [load('reflect-metadata', true), load('node:fs', true), load('chunk.mjs')],
      },
      'chunk.mjs': {
        imports: [load('reflect-metadata', true), load('@node-rs/argon2/x.js', true)],
      },
    };

    expect(packagesOutside({ outputs })).toEqual(['@node-rs/argon2', 'reflect-metadata']);
  });
});

describe('packagesInside', () => {
  it('should find each copy of a package when there are several', () => {
    const inputs = {
      'apps/api/src/main.ts': {},
      'node_modules/@s/a/index.js': {},
      'node_modules/@s/a/lib/deep.js': {},
      'node_modules/@s/a/node_modules/b/index.js': {},
      'node_modules/b/index.js': {},
    };

    expect(packagesInside({ inputs })).toEqual([
      'node_modules/@s/a',
      'node_modules/@s/a/node_modules/b',
      'node_modules/b',
    ]);
  });
});

describe('licencesOf', () => {
  it('should have the words of each package, also of one without a file of them', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'homeserver-licences-'));
    try {
      for (const [name, text] of [
        ['a', 'Permission is hereby granted'],
        ['b', null],
      ]) {
        mkdirSync(path.join(folder, name));
        const manifest = { name, version: '1.0.0', license: 'MIT' };
        writeFileSync(path.join(folder, name, 'package.json'), JSON.stringify(manifest));
        if (text !== null) writeFileSync(path.join(folder, name, 'LICENSE.md'), text);
      }

      const licences = await licencesOf([path.join(folder, 'a'), path.join(folder, 'b')]);

      expect(licences).toContain('a 1.0.0 (MIT)\n\nPermission is hereby granted');
      expect(licences).toContain('b 1.0.0 (MIT)');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
