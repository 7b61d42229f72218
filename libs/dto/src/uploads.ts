import * as z from 'zod';

import { conflictSchema } from './files';
import { idSchema } from './identifier';
import { tagListSchema } from './tags';

const EARLIEST_MS = Date.parse('0001-01-01T00:00:00.000Z');
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

/** With and without seconds, or a day alone, which begins in UTC. */
const ISO_FORMS = [
  z.iso.datetime({ offset: true, local: true }),
  z.iso.datetime({ offset: true, local: true, precision: -1 }),
  z.iso.date(),
];

/** ISO 8601, or milliseconds since 1970. */
const timeTextSchema = z
  .string()
  .transform((text, context) => {
    const isNumber = /^-?\d{1,17}$/.test(text);
    const isIso = !isNumber && ISO_FORMS.some((form) => form.safeParse(text).success);
    const ms = isNumber ? Number(text) : isIso ? Date.parse(text) : NaN;
    if (ms >= EARLIEST_MS && ms <= LATEST_MS) return new Date(ms);
    context.addIssue({
      code: 'custom',
      message: 'A time is ISO 8601, or milliseconds since 1970, within the years 1 to 9999.',
    });
    return z.NEVER;
  })
  .describe('ISO 8601, or milliseconds since 1970');

/** What a resumable upload says of its file: the values of Upload-Metadata, decoded. What is not known here is ignored. */
export const uploadMetadataSchema = z.object({
  filename: z.string({ error: 'The metadata must name the file: filename.' }),
  driveId: idSchema.optional(),
  folderId: idSchema.optional(),
  tags: z
    .string()
    .transform((text) => text.split(','))
    .pipe(tagListSchema)
    .default([])
    .describe('Separated by commas'),
  conflict: conflictSchema.default('rename'),
  lastModified: timeTextSchema.optional(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'A SHA-256 is 64 lowercase hexadecimal digits.' })
    .optional(),
});

export type UploadMetadata = z.infer<typeof uploadMetadataSchema>;
