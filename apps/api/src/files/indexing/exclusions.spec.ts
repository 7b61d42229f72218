import { describe, expect, it } from '@jest/globals';

import { exclusionOf } from './exclusions';

const isExcluded = (path: string, excludes: string[], showHidden = true) =>
  exclusionOf({ excludes, showHidden })(path.slice(path.lastIndexOf('/') + 1), path);

describe('exclusions', () => {
  it.each([
    ['a/b/.DS_Store', ['.DS_Store'], true],
    ['a/DS_Store', ['.DS_Store'], false],
    ['deep/node_modules', ['node_modules'], true],
    ['a/._photo.jpg', ['._*'], true],
    ['a/x.tmp', ['*.tmp'], true],
    ['a/x.tmp2', ['*.tmp'], false],
    ['a/x1', ['x[0-9]'], true],
    ['Backups/old', ['Backups/old'], true],
    ['Backups/old', ['Backups/old/'], true],
    ['other/Backups/old', ['Backups/old'], false],
    ['a/(b).txt', ['(b).txt'], true],
    ['a/{b}.txt', ['{b}.*'], true],
  ])('should say of %s with %j: %s', (path, excludes, expected) => {
    expect(isExcluded(path, excludes)).toBe(expected);
  });

  it('should leave out hidden names when they are not shown', () => {
    expect(isExcluded('a/.config', [], false)).toBe(true);
    expect(isExcluded('a/.config', [], true)).toBe(false);
  });

  it('should always leave out our own folder at the root, and there alone', () => {
    expect(isExcluded('.HomeServer', [])).toBe(true);
    expect(isExcluded('a/.homeserver', [])).toBe(false);
  });
});
