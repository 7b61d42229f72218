import * as z from 'zod';

import { wholeNumberInQuery } from './whole-number';

export const DEFAULT_PAGE_LIMIT = 100;
export const MAXIMUM_PAGE_LIMIT = 1000;

/** The query parameters of every list. */
export const pageQueryShape = {
  limit: wholeNumberInQuery(1, MAXIMUM_PAGE_LIMIT)
    .default(DEFAULT_PAGE_LIMIT)
    .describe('How many items to answer at most'),
  cursor: z.string().min(1).optional().describe('The nextCursor of the page before'),
};

/** `{ items, nextCursor, total? }`; `nextCursor` is null on the last page. */
export function pageSchema<Item extends z.ZodType>(item: Item) {
  const examples = z.globalRegistry.get(item)?.['examples'];
  const page = z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.int().optional().describe('How many items there are in all; on the first page only'),
  });
  if (!Array.isArray(examples)) return page;
  return page.meta({ examples: [{ items: examples, nextCursor: null, total: examples.length }] });
}
