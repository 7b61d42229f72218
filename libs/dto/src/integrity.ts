import * as z from 'zod';

import { fileMetadataExample, fileMetadataSchema } from './files';
import { idSchema } from './identifier';
import { pageQueryShape, pageSchema } from './paging';

/** A file whose bytes are no longer those that were stored. */
export const corruptedFileSchema = z
  .object({
    file: fileMetadataSchema,
    versionId: z
      .uuid()
      .nullable()
      .describe('The earlier version of it that is corrupted; null: the file itself'),
    corruptedAt: z.iso.datetime().describe('When that was found'),
    isTrashed: z.boolean().describe('Whether it lies in the trash'),
  })
  .meta({
    id: 'CorruptedFile',
    examples: [
      {
        file: { ...fileMetadataExample, corruptedAt: '2026-08-09T03:12:40.000Z', version: 2 },
        versionId: null,
        corruptedAt: '2026-08-09T03:12:40.000Z',
        isTrashed: false,
      },
    ],
  });

/** What was found last comes first. */
export const corruptedPageSchema = pageSchema(corruptedFileSchema).meta({ id: 'CorruptedPage' });

export const listCorruptedQuerySchema = z.object({
  ...pageQueryShape,
  driveId: idSchema
    .optional()
    .describe('Of this drive alone; of all that you may see where absent'),
});

export type CorruptedFile = z.infer<typeof corruptedFileSchema>;
export type CorruptedPage = z.infer<typeof corruptedPageSchema>;
export type ListCorruptedQuery = z.infer<typeof listCorruptedQuerySchema>;
