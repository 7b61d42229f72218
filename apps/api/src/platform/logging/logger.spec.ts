import { Writable } from 'node:stream';

import { describe, expect, it } from '@jest/globals';
import { pinoHttp } from 'pino-http';
import { QueryFailedError } from 'typeorm';

import { createLogger } from './logger';

const SECRET = 'an otter under the bridge';

describe('the log', () => {
  it('should name the statement that failed, and none of its values', () => {
    let text = '';
    const sink = new Writable({
      write: (chunk, _encoding, done) => {
        text += String(chunk);
        done();
      },
    });
    const failure = new QueryFailedError(
      'update users set password_hash = $1',
      [SECRET],
      Object.assign(new Error('violates check constraint'), {
        code: '23514',
        detail: `Failing row contains (${SECRET}).`,
        where: `unnamed portal with parameters: $1 = '${SECRET}'`,
      }),
    );
    const logger = createLogger('error', sink);
    logger.error({ err: failure }, 'A statement failed.');
    pinoHttp({ logger }).logger.error({ err: failure }, 'A request failed.');
    logger.error({ err: new AggregateError([failure], 'Many failed.') }, 'Many failed.');

    expect(text.match(/violates check constraint/g)?.length).toBeGreaterThanOrEqual(3);
    expect(text).toContain('update users set password_hash = $1');
    expect(text).toContain('23514');
    expect(text).not.toContain(SECRET);
  });
});
