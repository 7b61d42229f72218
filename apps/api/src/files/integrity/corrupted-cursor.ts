import * as z from 'zod';

import { InvalidInputError } from '../../platform/http/domain-error';
import type { CorruptedEntry, CorruptedPosition } from './integrity.repository';

const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);

export function encodeCorruptedCursor({ foundAt, key }: CorruptedEntry): string {
  return Buffer.from(`${foundAt.toISOString()} ${key}`).toString('base64url');
}

/** @throws InvalidInputError when it is not one of ours */
export function decodeCorruptedCursor(text: string): CorruptedPosition {
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
