import * as z from 'zod';

export const MAXIMUM_NAME_BYTES = 255;

const encoder = new TextEncoder();

/** The length of a text in bytes of UTF-8, which is what filesystems limit. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length;
}

/** Why a name cannot be the name of an entry, in words for a person; null when it can. */
export function nameFault(name: string): string | null {
  if (name === '') return 'A name must not be empty.';
  if (name === '.' || name === '..') return `A name must not be “${name}”.`;
  if (name.includes('/')) return 'A name must not contain a slash.';
  if (/\p{Cc}/u.test(name)) return 'A name must not contain control characters.';
  if (!name.isWellFormed()) return 'A name must be valid Unicode.';
  if (utf8Length(name) > MAXIMUM_NAME_BYTES) {
    return `A name must not be longer than ${MAXIMUM_NAME_BYTES} bytes of UTF-8.`;
  }
  return null;
}

/** Text to search for: what no name and no tag has in it cannot be looked for either. */
export const searchTextSchema = z
  .string()
  .max(200)
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), {
    error: 'A text to search for must not contain control characters.',
  });

/** 1 to 255 bytes of UTF-8, not `.` or `..`, no `/`, no control character, no lone surrogate. */
export const nameSchema = z
  .string()
  .superRefine((name, context) => {
    const fault = nameFault(name);
    if (fault !== null) context.addIssue({ code: 'custom', message: fault });
  })
  .describe('1 to 255 bytes of UTF-8, without slash or control characters');
