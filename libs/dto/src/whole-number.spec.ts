import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { wholeNumberInQuery } from './whole-number';

const schema = wholeNumberInQuery(1, 1000);

describe('wholeNumberInQuery', () => {
  it.each([
    ['1', 1],
    ['007', 7],
    ['1000', 1000],
  ])('should give the number when the text is %s', (text, number) => {
    expect(schema.parse(text)).toBe(number);
  });

  it.each([
    '',
    ' 5',
    '5 ',
    '1e2',
    '0x10',
    '+5',
    '-5',
    '5.0',
    '٥',
    'ten',
    '0',
    '1001',
    '9'.repeat(400),
  ])('should refuse “%s”, and say what it takes', (text) => {
    expect(schema.safeParse(text).error?.issues.map(({ message }) => message)).toEqual([
      'A whole number in decimal digits, 1 to 1000.',
    ]);
  });

  it('should refuse what is given twice', () => {
    expect(schema.safeParse(['1', '2']).success).toBe(false);
  });

  it('should be an integer with its limits in the documents', () => {
    expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({
      type: 'integer',
      minimum: 1,
      maximum: 1000,
    });
  });
});
