import {
  BadRequestException,
  ForbiddenException,
  InternalServerErrorException,
  NotFoundException,
} from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { problemSchema } from '@homeserver/dto';
import fc from 'fast-check';
import { QueryFailedError } from 'typeorm';

import { DomainError, InvalidInputError } from './domain-error';
import { toDomainError, toProblem } from './problem';

const secret = 'select password from users where path = /srv/home/files';

function withFields<Fields extends object>(error: Error, fields: Fields): Error & Fields {
  return Object.assign(error, fields);
}

const driverError = (code: string) => withFields(new Error(secret), { code });

describe('toDomainError', () => {
  it('should give an error of a domain as it is', () => {
    const error = new DomainError('files.name_taken', 409, 'The name is taken.');

    expect(toDomainError(error)).toBe(error);
  });

  it.each([
    ['an error of the program', new TypeError(secret)],
    ['a failed statement', new QueryFailedError(secret, [secret], driverError('42601'))],
    [
      'an error of the file system',
      withFields(new Error(secret), { code: 'EACCES', path: secret }),
    ],
    ['an HTTP error of 500', new InternalServerErrorException(secret)],
    [
      'an error that is not meant to be shown',
      withFields(new Error(secret), { status: 400, expose: false }),
    ],
    ['a text', secret],
    ['nothing', undefined],
    ['an object without a prototype', Object.create(null)],
  ])('should say nothing of the inside when the cause is %s', (_what, thrown) => {
    const error = toDomainError(thrown);

    expect(error).toMatchObject({ status: 500, code: 'http.internal_error' });
    expect(JSON.stringify(toProblem(error, '/api/v1/files', 'id'))).not.toContain('select');
  });

  it.each([
    [new BadRequestException(secret), 400, 'http.malformed'],
    [new NotFoundException(`Cannot GET ${secret}`), 404, 'http.not_found'],
    [new ForbiddenException(secret), 403, 'http.refused'],
    [new URIError(secret), 400, 'http.malformed'],
    [
      withFields(new SyntaxError(secret), { status: 400, expose: true, body: secret }),
      400,
      'http.malformed',
    ],
    [withFields(new Error(secret), { status: 413, expose: true }), 413, 'http.too_large'],
    [
      withFields(new Error(secret), { status: 415, expose: true }),
      415,
      'http.unsupported_media_type',
    ],
  ])('should keep the status and its own words when a library threw %s', (thrown, status, code) => {
    const error = toDomainError(thrown);

    expect(error).toMatchObject({ status, code });
    expect(error.message).not.toContain('select');
  });

  it.each([
    ['the connection is refused', driverError('ECONNREFUSED')],
    ['the server shuts down', new QueryFailedError('', [], driverError('57P01'))],
    ['there are too many connections', driverError('53300')],
    ['every address refuses', new AggregateError([driverError('ECONNREFUSED')], secret)],
    ['the pool gives up', new Error('timeout exceeded when trying to connect')],
    ['the connection breaks off', new Error('Connection terminated unexpectedly')],
  ])('should answer 503 and when to come back when %s', (_what, thrown) => {
    expect(toDomainError(thrown)).toMatchObject({
      status: 503,
      code: 'database.unavailable',
      retryAfterSeconds: 5,
    });
  });
});

describe('toProblem', () => {
  it('should be what the contract says when any error is told', () => {
    const error = fc.record({
      code: fc.string(),
      status: fc.integer({ min: 400, max: 599 }),
      detail: fc.string(),
    });
    fc.assert(
      fc.property(
        error,
        fc.string(),
        fc.string(),
        ({ code, status, detail }, instance, requestId) => {
          const problem = toProblem(new DomainError(code, status, detail), instance, requestId);
          expect(problemSchema.parse(problem)).toEqual(problem);
          expect(problem).toMatchObject({ status, code, detail, instance, requestId });
        },
      ),
    );
  });

  it('should carry each fault with its pointer when the input is wrong', () => {
    const errors = [{ pointer: '#/tags/0', detail: 'A tag must not contain a comma.' }];

    expect(toProblem(new InvalidInputError(errors), '/', '1')).toMatchObject({
      status: 422,
      errors,
    });
  });

  it('should have no list of faults when there is none', () => {
    expect(toProblem(new DomainError('a', 409, 'b'), '/', '1')).not.toHaveProperty('errors');
  });
});
