import { describe, expect, it } from '@jest/globals';

import { allowsRange, evaluatePreconditions } from './preconditions';

const file = { etag: '"abc"', lastModified: new Date('2026-08-02T17:04:11.500Z') };
const SAME = 'Sun, 02 Aug 2026 17:04:11 GMT';
const BEFORE = 'Sun, 02 Aug 2026 17:04:10 GMT';

describe('evaluatePreconditions', () => {
  it('should send when nothing is asked', () => {
    expect(evaluatePreconditions({}, file)).toBe('send');
  });

  it.each([
    ['"abc"', 'not_modified'],
    ['W/"abc"', 'not_modified'],
    ['"x", "abc"', 'not_modified'],
    ['*', 'not_modified'],
    ['"x"', 'send'],
  ])('should compare weakly when If-None-Match is %s', (ifNoneMatch, outcome) => {
    expect(evaluatePreconditions({ ifNoneMatch }, file)).toBe(outcome);
  });

  it.each([
    ['"abc"', 'send'],
    ['*', 'send'],
    ['W/"abc"', 'failed'],
    ['"x"', 'failed'],
  ])('should compare strongly when If-Match is %s', (ifMatch, outcome) => {
    expect(evaluatePreconditions({ ifMatch }, file)).toBe(outcome);
  });

  it('should compare whole seconds when a date is asked for', () => {
    expect(evaluatePreconditions({ ifModifiedSince: SAME }, file)).toBe('not_modified');
    expect(evaluatePreconditions({ ifModifiedSince: BEFORE }, file)).toBe('send');
    expect(evaluatePreconditions({ ifUnmodifiedSince: SAME }, file)).toBe('send');
    expect(evaluatePreconditions({ ifUnmodifiedSince: BEFORE }, file)).toBe('failed');
  });

  it('should ignore a date when an entity tag is there too, or when it is none', () => {
    expect(evaluatePreconditions({ ifNoneMatch: '"x"', ifModifiedSince: SAME }, file)).toBe('send');
    expect(evaluatePreconditions({ ifMatch: '"abc"', ifUnmodifiedSince: BEFORE }, file)).toBe(
      'send',
    );
    expect(evaluatePreconditions({ ifModifiedSince: 'yesterday' }, file)).toBe('send');
  });

  it.each([
    { ifModifiedSince: '2030' },
    { ifModifiedSince: '2030-01-01T00:00:00Z' },
    { ifUnmodifiedSince: '1' },
    { ifUnmodifiedSince: 'Wed, 01 Jan 2020 00:00:00 +0000' },
  ])('should ignore what is a date, but not as HTTP writes it: %j', (headers) => {
    expect(evaluatePreconditions(headers, file)).toBe('send');
  });
});

describe('allowsRange', () => {
  it('should allow a range only when the file is the one that was seen', () => {
    expect(allowsRange(undefined, file)).toBe(true);
    expect(allowsRange('"abc"', file)).toBe(true);
    expect(allowsRange('W/"abc"', file)).toBe(false);
    expect(allowsRange('"x"', file)).toBe(false);
    expect(allowsRange(SAME, file)).toBe(true);
    expect(allowsRange(BEFORE, file)).toBe(false);
    expect(allowsRange('2026-08-02T17:04:11Z', file)).toBe(false);
  });
});
