import { usernameSchema } from '@homeserver/dto';
import { describe, expect, it } from '@jest/globals';

import { fittingUsername, numberedUsername } from './fitting-username';

describe('fittingUsername', () => {
  it.each([
    ['anna', 'anna'],
    ['Anna.Berg', 'anna.berg'],
    ['anna@example.org', 'anna'],
    ['Zoë Ångström', 'zoe-angstrom'],
    ['../../etc/passwd', 'etc-passwd'],
    ['-anna_', 'anna'],
    ['安娜', 'user'],
    ['@example.org', 'user'],
    ['', 'user'],
    [null, 'user'],
    ['a'.repeat(40), 'a'.repeat(32)],
    [`${'a'.repeat(31)}-b`, 'a'.repeat(31)],
    [`${'-'.repeat(200)}anna`, 'user'],
    ['anna\u0000\nberg', 'anna-berg'],
  ])('should make of %j the name %s', (preferred, username) => {
    expect(fittingUsername(preferred)).toBe(username);
    expect(usernameSchema.parse(username)).toBe(username);
  });
});

describe('numberedUsername', () => {
  it.each([
    ['anna', 1, 'anna'],
    ['anna', 2, 'anna2'],
    ['a'.repeat(32), 10, `${'a'.repeat(30)}10`],
    [`${'a'.repeat(30)}-b`, 2, `${'a'.repeat(30)}2`],
  ])('should make of %s and %d the name %s', (username, number, numbered) => {
    expect(numberedUsername(username, number)).toBe(numbered);
    expect(usernameSchema.parse(numbered)).toBe(numbered);
  });
});
