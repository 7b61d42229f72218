import { describe, expect, it } from '@jest/globals';

import { isReturnPath } from './return-path';

describe('isReturnPath', () => {
  it.each(['/', '/files', '/files?tag=holiday&q=a%20b#end', '/Zoë', '/apiary'])(
    'should take “%s”',
    (path) => {
      expect(isReturnPath(path)).toBe(true);
    },
  );

  it.each([
    '',
    'files',
    'https://evil.example.org',
    '//evil.example.org',
    '///evil.example.org',
    '/\\evil.example.org',
    '\\/evil.example.org',
    '/\t/evil.example.org',
    '/\n/evil.example.org',
    '/.//evil.example.org',
    '/files/..//evil.example.org',
    '/files\\..\\..',
    'javascript:alert(1)',
    ' /files',
    '/api/v1/auth/oidc',
    '/./API/v1/me',
  ])('should not take %j', (path) => {
    expect(isReturnPath(path)).toBe(false);
  });

  it('should not take a path when it is longer than addresses are', () => {
    expect(isReturnPath(`/${'a'.repeat(1999)}`)).toBe(true);
    expect(isReturnPath(`/${'a'.repeat(2000)}`)).toBe(false);
  });
});
