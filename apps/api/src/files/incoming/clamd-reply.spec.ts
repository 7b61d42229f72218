import { describe, expect, it } from '@jest/globals';

import { verdictOf } from './clamd-reply';

describe('an answer of clamd', () => {
  it.each([
    ['stream: OK', { kind: 'clean' }],
    ['stream: Win.Test.EICAR_HDB-1 FOUND', { kind: 'infected', signature: 'Win.Test.EICAR_HDB-1' }],
    ['stream: Two words FOUND FOUND', { kind: 'infected', signature: 'Two words FOUND' }],
  ])('should be read when it is %p', (reply, verdict) => {
    expect(verdictOf(reply)).toEqual(verdict);
  });

  it.each([
    'INSTREAM size limit exceeded. ERROR',
    'stream: Heuristics.Encrypted.Zip FOUND',
    'stream: Heuristics.Limits.Exceeded.MaxFileSize FOUND',
  ])('should say that the file cannot be looked into when it is %p', (reply) => {
    expect(verdictOf(reply)).toMatchObject({ kind: 'unscannable' });
  });

  it.each(['', 'stream: OK, more or less', 'UNKNOWN COMMAND', 'COMMAND READ TIMED OUT', ' FOUND'])(
    'should never be taken for clean when it is %p',
    (reply) => {
      expect(verdictOf(reply)).toMatchObject({ kind: 'unavailable' });
    },
  );
});
