import * as z from 'zod';

import { InvalidInputError } from './domain-error';

const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);

/** Where a list that goes by time, and by id within the same millisecond, goes on. */
export type TimePosition = readonly [time: string, id: string];

export function encodeTimeCursor(position: TimePosition): string {
  return Buffer.from(position.join(' ')).toString('base64url');
}

/** @throws InvalidInputError when it is not one of ours */
export function decodeTimeCursor(text: string): TimePosition {
  const parts = Buffer.from(text, 'base64url').toString('utf8').split(' ');
  const cursor = cursorSchema.safeParse(parts);
  if (cursor.success) return cursor.data;
  throw new InvalidInputError([
    {
      pointer: '#/query/cursor',
      detail: 'This cursor is not one of ours. Start again without one.',
    },
  ]);
}
