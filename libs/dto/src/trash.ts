import * as z from 'zod';

import { confirmManySchema, fileMetadataExample, fileMetadataSchema } from './files';
import { idSchema } from './identifier';
import { jobSchema } from './jobs';
import { pageQueryShape, pageSchema } from './paging';

/** What somebody has put into the trash: a file, or a folder with all that was in it. */
export const trashItemSchema = z
  .object({
    id: z.uuid().describe('That of the file'),
    file: fileMetadataSchema.describe('As it was, at its former place'),
    trashedAt: z.iso.datetime(),
    expiresAt: z.iso
      .datetime()
      .describe('When it is deleted for good; earlier where room is short'),
  })
  .meta({
    id: 'TrashItem',
    examples: [
      {
        id: fileMetadataExample.id,
        file: fileMetadataExample,
        trashedAt: '2026-08-02T17:04:11.000Z',
        expiresAt: '2026-09-01T17:04:11.000Z',
      },
    ],
  });

/** What was put there last comes first. */
export const trashPageSchema = pageSchema(trashItemSchema).meta({ id: 'TrashPage' });

export const listTrashQuerySchema = z.object({
  ...pageQueryShape,
  driveId: idSchema.optional().describe('Only that of one drive'),
});

export const deleteTrashedQuerySchema = z.object({ confirm: confirmManySchema });

export const emptyTrashQuerySchema = z.object({
  driveId: idSchema.optional().describe('Only that of one drive'),
  confirm: confirmManySchema,
});

/** What became of the wish to empty the trash. */
export const emptiedTrashSchema = z
  .object({
    removedCount: z.int().describe('What was put there by itself, and is gone already'),
    jobs: z
      .array(jobSchema)
      .describe('Of each drive with much in its trash, the job that empties it'),
  })
  .meta({ id: 'EmptiedTrash', examples: [{ removedCount: 12, jobs: [] }] });

export type TrashItem = z.infer<typeof trashItemSchema>;
export type TrashPage = z.infer<typeof trashPageSchema>;
export type ListTrashQuery = z.infer<typeof listTrashQuerySchema>;
export type DeleteTrashedQuery = z.infer<typeof deleteTrashedQuerySchema>;
export type EmptyTrashQuery = z.infer<typeof emptyTrashQuerySchema>;
export type EmptiedTrash = z.infer<typeof emptiedTrashSchema>;
