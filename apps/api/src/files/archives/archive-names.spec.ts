import { describe, expect, it } from '@jest/globals';

import { ArchiveNames, safeName } from './archive-names';

describe('safeName', () => {
  it.each([
    ['holiday.jpg', 'holiday.jpg'],
    ['Grüße €.txt', 'Grüße €.txt'],
    ['..\\..\\evil.exe', '.._.._evil.exe'],
    ['C:autorun', 'C_autorun'],
    ['why?.txt', 'why_.txt'],
    ['line\nbreak', 'line_break'],
    ['dots...', 'dots___'],
    ['con.txt', '_con.txt'],
    ['LPT1', '_LPT1'],
    ['console.log', 'console.log'],
    ['broken \uefff', 'broken _'],
  ])('should make of %j what every system can have', (name, safe) => {
    expect(safeName(name)).toBe(safe);
  });
});

describe('ArchiveNames', () => {
  it('should number what some systems take for one name', () => {
    const names = new ArchiveNames();

    expect(
      ['a.txt', 'A.TXT', 'caf\u00e9', 'cafe\u0301', 'x?', 'x*'].map((name) => names.take(name)),
    ).toEqual(['a.txt', 'A (2).TXT', 'caf\u00e9', 'cafe\u0301 (2)', 'x_', 'x_ (2)']);
  });
});
