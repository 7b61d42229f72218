import type { ArgumentMetadata } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import * as z from 'zod';

import { InvalidInputError } from './domain-error';
import { InputValidationPipe } from './input-validation.pipe';

const pipe = new InputValidationPipe();

async function pointersFor(value: unknown, metadata: ArgumentMetadata): Promise<string[]> {
  try {
    await pipe.transform(value, metadata);
  } catch (error) {
    if (error instanceof InvalidInputError)
      return (error.errors ?? []).map(({ pointer }) => pointer);
    throw error;
  }
  throw new Error('The input was taken.');
}

describe('InputValidationPipe', () => {
  const schema = z.strictObject({ name: z.string(), tags: z.array(z.string()).default([]) });

  it('should give what the schema makes of the input when it is right', async () => {
    expect(await pipe.transform({ name: 'a' }, { type: 'body', schema })).toEqual({
      name: 'a',
      tags: [],
    });
  });

  it('should let input pass as it is when no schema stands at the parameter', async () => {
    const value = { anything: 1 };

    expect(await pipe.transform(value, { type: 'custom' })).toBe(value);
    expect(await pipe.transform(value, { type: 'body' })).toBe(value);
  });

  it('should point into the body when a member of it is wrong', async () => {
    const value = { name: 1, tags: ['fine', 2] };

    expect(await pointersFor(value, { type: 'body', schema })).toEqual(['#/name', '#/tags/1']);
  });

  it('should point at each member that the schema does not know', async () => {
    expect(await pointersFor({ name: 'a', more: 1, most: 2 }, { type: 'body', schema })).toEqual([
      '#/more',
      '#/most',
    ]);
  });

  it('should take a missing body for an empty one', async () => {
    expect(await pointersFor(undefined, { type: 'body', schema })).toEqual(['#/name']);
  });

  it('should not take null for an empty body', async () => {
    expect(await pointersFor(null, { type: 'body', schema })).toEqual(['#']);
  });

  it('should point into the query when a parameter is wrong', async () => {
    const query = z.object({ limit: z.coerce.number().max(10) });

    expect(await pointersFor({ limit: '11' }, { type: 'query', schema: query })).toEqual([
      '#/query/limit',
    ]);
  });

  it('should name the parameter of the path when it is wrong', async () => {
    expect(await pointersFor('x', { type: 'param', data: 'id', schema: z.uuid() })).toEqual([
      '#/path/id',
    ]);
  });

  it('should escape a member name by RFC 6901 when it has a slash or a tilde', async () => {
    const record = z.record(z.string(), z.string());

    expect(await pointersFor({ 'a/b~c': 1 }, { type: 'body', schema: record })).toEqual([
      '#/a~1b~0c',
    ]);
  });

  it('should answer 422 with the words of each fault', async () => {
    await expect(pipe.transform({ name: 1 }, { type: 'body', schema })).rejects.toMatchObject({
      status: 422,
      code: 'http.invalid_input',
      errors: [{ pointer: '#/name', detail: expect.stringContaining('expected string') }],
    });
  });
});
