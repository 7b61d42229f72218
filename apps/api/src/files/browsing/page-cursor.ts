import type { FileSort } from '@homeserver/dto';
import * as z from 'zod';

import { InvalidInputError } from '../../platform/http/domain-error';

/** PostgreSQL's texts have no NUL. */
const text = z.string().refine((value) => !value.includes('\u0000'));
const moment = z.iso
  .datetime({ offset: true })
  .refine((value) => Date.parse(value) >= 0 && /(Z|[+]00:00)$/.test(value));

/** What an entry is sorted by, ending with its id. */
const SORT_VALUES: Record<FileSort, z.ZodType<readonly (string | number)[]>> = {
  name: z.tuple([text, text, z.uuid()]),
  size: z.tuple([z.int(), z.uuid()]),
  uploadDate: z.tuple([moment, z.uuid()]),
  modifiedAt: z.tuple([moment, z.uuid()]),
};

const cursorSchema = z.strictObject({
  /** Which list it belongs to: its scope and order, in words. */
  list: z.string(),
  kind: z.enum(['folder', 'file']),
  values: z.array(z.union([z.string(), z.number()])),
});

export type PageCursor = z.infer<typeof cursorSchema>;

export function encodeCursor(cursor: PageCursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64url');
}

/**
 * @param list the list that is asked for, and `sort` its order
 * @throws InvalidInputError when the cursor is not one of ours, or of another list
 */
export function decodeCursor(text: string, list: string, sort: FileSort): PageCursor {
  const cursor = cursorSchema.safeParse(parseJson(Buffer.from(text, 'base64url').toString('utf8')));
  if (
    cursor.success &&
    cursor.data.list === list &&
    SORT_VALUES[sort].safeParse(cursor.data.values).success
  ) {
    return cursor.data;
  }
  throw new InvalidInputError([
    {
      pointer: '#/query/cursor',
      detail: 'This cursor is not one of this list. Start again without one.',
    },
  ]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not a cursor of ours
  }
}
