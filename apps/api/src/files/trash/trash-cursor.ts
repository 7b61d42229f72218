import * as z from 'zod';

import { InvalidInputError } from '../../platform/http/domain-error';
import type { TrashPosition, TrashedEntry } from './trash.repository';

const cursorSchema = z.tuple([z.iso.datetime(), z.uuid()]);

export function positionOf({ trashedAt, entry }: TrashedEntry): TrashPosition {
  return [trashedAt.toISOString(), entry.id];
}

export function encodeTrashCursor(last: TrashedEntry): string {
  return Buffer.from(positionOf(last).join(' ')).toString('base64url');
}

/** @throws InvalidInputError when it is not one of ours */
export function decodeTrashCursor(text: string): TrashPosition {
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
