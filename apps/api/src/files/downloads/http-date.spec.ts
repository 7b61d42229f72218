import { describe, expect, it } from '@jest/globals';

import { parseHttpDate } from './http-date';

const NOW = new Date('2026-11-28T12:00:00Z');

describe('parseHttpDate', () => {
  it.each([
    ['Sun, 06 Nov 1994 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sunday, 06-Nov-94 08:49:37 GMT', '1994-11-06T08:49:37.000Z'],
    ['Sun Nov  6 08:49:37 1994', '1994-11-06T08:49:37.000Z'],
    ['Wed Nov 16 08:49:37 1994', '1994-11-16T08:49:37.000Z'],
    ['Thu, 29 Feb 2024 00:00:00 GMT', '2024-02-29T00:00:00.000Z'],
    ['Saturday, 28-Nov-76 00:00:00 GMT', '2076-11-28T00:00:00.000Z'],
    ['Monday, 28-Nov-77 00:00:00 GMT', '1977-11-28T00:00:00.000Z'],
  ])('should take %s, of whichever of the three forms it is', (text, date) => {
    expect(parseHttpDate(text, NOW)).toEqual(new Date(date));
  });

  it.each([
    '',
    '1',
    '2030',
    'Invalid Date',
    '1994-11-06T08:49:37Z',
    '06 Nov 1994 08:49:37 GMT',
    'Sun, 06 Nov 1994 08:49:37',
    'Sun, 06 Nov 1994 08:49:37 +0000',
    'Sun, 6 Nov 1994 08:49:37 GMT',
    'sun, 06 nov 1994 08:49:37 GMT',
    'Thu, 30 Feb 2024 00:00:00 GMT',
    'Sun, 06 Nov 1994 24:00:00 GMT',
    'Sunday, 06-Nov-1994 08:49:37 GMT',
    'Someday, 06-Nov-94 08:49:37 GMT',
    'Sun Nov 06 08:49:37 1994 GMT',
  ])('should be null when the text is “%s”', (text) => {
    expect(parseHttpDate(text, NOW)).toBeNull();
  });
});
