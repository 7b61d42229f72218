import { describe, expect, it } from '@jest/globals';

import { closureOf } from './collect-runtime.mjs';

describe('closureOf', () => {
  it('should follow what a package needs when that needs more', () => {
    const packages = {
      'node_modules/a': { dependencies: { b: '1' }, optionalDependencies: { gone: '1' } },
      'node_modules/b': {
        peerDependencies: { c: '1', d: '1' },
        peerDependenciesMeta: { d: { optional: true } },
      },
      'node_modules/c': { dependencies: { a: '1' } },
      'node_modules/d': {},
    };

    expect(closureOf(packages, ['a'])).toEqual([
      'node_modules/a',
      'node_modules/b',
      'node_modules/c',
    ]);
  });

  it('should take the copy that Node.js takes when there are several', () => {
    const packages = {
      'node_modules/@s/a': { dependencies: { b: '1' } },
      'node_modules/@s/a/node_modules/b': { dependencies: { c: '2', d: '1' } },
      'node_modules/@s/a/node_modules/c': {},
      'node_modules/b': {},
      'node_modules/c': {},
      'node_modules/d': {},
    };

    expect(closureOf(packages, ['@s/a'])).toEqual([
      'node_modules/@s/a',
      'node_modules/@s/a/node_modules/b',
      'node_modules/@s/a/node_modules/c',
      'node_modules/d',
    ]);
  });

  it('should refuse when the lock file does not know a package', () => {
    expect(() => closureOf({}, ['left-pad'])).toThrow('left-pad is not in package-lock.json.');
  });
});
