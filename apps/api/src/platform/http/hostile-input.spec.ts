import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { DomainError } from './domain-error';
import {
  requireCleanJson,
  requireDecentQuery,
  requireFewHeaders,
  requireShallowJson,
} from './hostile-input';

/** The status, and the pointers, of what a check throws; null when it takes the input. */
function refusalOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return [error.status, ...(error.errors ?? []).map(({ pointer }) => pointer)].join(' ');
  }
}

const nested = (depth: number) => '[{"a":'.repeat(depth / 2) + '1' + '}]'.repeat(depth / 2);

describe('requireShallowJson', () => {
  it.each([
    ['as deep as is taken', nested(32), null],
    ['deeper', nested(34), '422 #'],
    ['a million levels deep, and no JSON', '['.repeat(1_000_000), '422 #'],
    ['wide', `[${'[],'.repeat(100_000)}{}]`, null],
    ['a text that looks deep', JSON.stringify(['['.repeat(100), '\\', '{'.repeat(100)]), null],
    ['deep behind escaped quotes', `["\\"[\\\\",${nested(34)}]`, '422 #'],
    ['no JSON at all', ']]]]"', null],
  ])('should tell when a body is %s', (_, text, refusal) => {
    expect(refusalOf(() => requireShallowJson(text))).toBe(refusal);
  });
});

describe('requireCleanJson', () => {
  it.each([
    ['{"a":["b",{"c":null}],"d":1}', null],
    ['"\\u0000"', '422 #'],
    ['{"a":["fine","not\\u0000fine"]}', '422 #/a/1'],
    ['{"a":"half \\ud83d of it","b":"\\udc00"}', '422 #/a #/b'],
    ['{"whole":"\\ud83c\\udf89"}', null],
    ['{"__proto__":{"isAdmin":true}}', '422 #/__proto__'],
    ['{"a":[{"\\u005f_proto__":1}]}', '422 #/a/0/__proto__'],
    ['{"a\\u0000":1,"b/~":"\\u0000"}', '422 #/a\0 #/b~1~0'],
    ['{"constructor":{"prototype":1}}', null],
  ])('should point at what no call takes when the body is %s', (text, refusal) => {
    expect(refusalOf(() => requireCleanJson(JSON.parse(text)))).toBe(refusal);
  });
});

describe('requireDecentQuery', () => {
  it.each([
    ['none', '/', null],
    ['short', '/?a=1&b=%2500&a=2', null],
    ['as long as is taken', `/?${'a'.repeat(8192)}`, null],
    ['longer', `/?${'a'.repeat(8193)}`, '422 #/query'],
    ['of as many parameters as are taken', `/?${'a&'.repeat(255)}`, null],
    ['of more', `/?${'a&'.repeat(256)}`, '422 #/query'],
    ['with NUL in a value', '/?a=1&b=x%00', '422 #/query/b'],
    ['with NUL behind another question mark', '/?a=?%00', '422 #/query/a'],
  ])('should tell when a query is %s', (_, address, refusal) => {
    expect(refusalOf(() => requireDecentQuery(address))).toBe(refusal);
  });
});

describe('requireFewHeaders', () => {
  it.each([
    [200, null],
    [201, '431'],
  ])('should tell when a request has %d headers', (count, refusal) => {
    const request = new IncomingMessage(new Socket());
    request.rawHeaders = Array.from({ length: count }, () => ['A', '1']).flat();

    expect(refusalOf(() => requireFewHeaders(request))).toBe(refusal);
  });
});
