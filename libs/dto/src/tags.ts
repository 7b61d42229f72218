import * as z from 'zod';

import { pageQueryShape, pageSchema } from './paging';

export const MAXIMUM_TAGS = 50;
export const MAXIMUM_TAG_CHARACTERS = 64;

/** Why a tag, already trimmed, cannot be one, in words for a person; null when it can. */
export function tagFault(tag: string): string | null {
  if (tag.includes(',')) return 'A tag must not contain a comma.';
  if (/\p{Cc}/u.test(tag)) return 'A tag must not contain control characters.';
  if (!tag.isWellFormed()) return 'A tag must be valid Unicode.';
  if (Array.from(tag).length > MAXIMUM_TAG_CHARACTERS) {
    return `A tag must not be longer than ${MAXIMUM_TAG_CHARACTERS} characters.`;
  }
  return null;
}

/** Trimmed and in NFC, so that two spellings of one tag are one tag. */
export function normaliseTag(tag: string): string {
  return tag.trim().normalize('NFC');
}

/** Any texts in; trimmed, without empty ones and doubles, in their order, out. */
export const tagListSchema = z
  .array(z.string())
  .transform((raw, context) => {
    const tags = new Set<string>();
    raw.forEach((text, index) => {
      const tag = normaliseTag(text);
      const fault = tagFault(tag);
      if (fault !== null) context.addIssue({ code: 'custom', message: fault, path: [index] });
      if (tag !== '') tags.add(tag);
    });
    if (tags.size > MAXIMUM_TAGS) {
      context.addIssue({ code: 'custom', message: `At most ${MAXIMUM_TAGS} tags are kept.` });
    }
    return [...tags];
  })
  .describe('At most 50 tags of 1 to 64 characters each, without commas');

export const tagCountSchema = z
  .object({ tag: z.string(), count: z.int() })
  .meta({ id: 'TagCount', examples: [{ tag: 'holiday', count: 214 }] });

/** Every tag in use that the caller may see, with how many entries bear it, most used first. */
export const tagCountPageSchema = pageSchema(tagCountSchema).meta({ id: 'TagCountPage' });

export const listTagsQuerySchema = z.object(pageQueryShape);

export type ListTagsQuery = z.infer<typeof listTagsQuerySchema>;
export type TagCount = z.infer<typeof tagCountSchema>;
export type TagCountPage = z.infer<typeof tagCountPageSchema>;
