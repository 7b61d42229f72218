import * as z from 'zod';

import { idSchema } from './identifier';
import { pageQueryShape, pageSchema } from './paging';

/** An earlier content of a file, which an upload, or a restoration, has replaced. */
export const fileVersionSchema = z
  .object({
    id: z.uuid(),
    fileId: z.uuid(),
    driveId: z
      .uuid()
      .describe('Where it lies: it stays there when the file is moved to another drive'),
    size: z.int().describe('In bytes'),
    sha256: z.string().nullable().describe('In lowercase hex; null where it was not known'),
    contentType: z.string(),
    modifiedAt: z.iso.datetime().describe('When this content was changed last'),
    replacedAt: z.iso.datetime().describe('When another content took its place'),
    replacedBy: z.string().nullable().describe('The user whose content took its place'),
    corruptedAt: z.iso
      .datetime()
      .nullable()
      .describe(
        'When its bytes were found to be others than those that were kept; null while they are right',
      ),
  })
  .meta({
    id: 'FileVersion',
    examples: [
      {
        id: '0198c0e3-6f2a-7c5b-9a51-0d5a3b1f2e4c',
        fileId: '0198c0de-6f2a-7c5b-9a51-0d5a3b1f2e4c',
        driveId: '0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c',
        size: 48213,
        sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        contentType: 'application/pdf',
        modifiedAt: '2026-08-02T17:04:11.000Z',
        replacedAt: '2026-08-03T09:12:40.000Z',
        replacedBy: 'anna',
        corruptedAt: null,
      },
    ],
  });

/** What was replaced last comes first. */
export const fileVersionPageSchema = pageSchema(fileVersionSchema).meta({ id: 'FileVersionPage' });

export const listVersionsQuerySchema = z.object({
  ...pageQueryShape,
  cursor: idSchema.optional().describe(pageQueryShape.cursor.description ?? ''),
});

export type FileVersion = z.infer<typeof fileVersionSchema>;
export type FileVersionPage = z.infer<typeof fileVersionPageSchema>;
export type ListVersionsQuery = z.infer<typeof listVersionsQuerySchema>;
