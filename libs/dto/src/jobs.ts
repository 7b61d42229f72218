import * as z from 'zod';

import { pageQueryShape, pageSchema } from './paging';

/** Work in the background. */
export const jobSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(['scan', 'copy', 'move', 'delete', 'forget', 'trash', 'integrity']),
    state: z.enum(['queued', 'running', 'done', 'failed', 'cancelled']),
    title: z.string().describe('What it does, for a person'),
    driveId: z.uuid().nullable().describe('The drive that it works on'),
    userId: z.uuid().nullable().describe('Who asked for it; null: the server itself'),
    progress: z.object({
      unit: z.enum(['entries', 'bytes']),
      done: z.int(),
      total: z.int().nullable().describe('null while it is not known'),
    }),
    isCancelling: z.boolean().describe('It was asked to stop, and has not stopped yet'),
    resultId: z.uuid().nullable().describe('The entry that it made'),
    problem: z.object({ code: z.string(), detail: z.string() }).nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
  })
  .meta({
    id: 'Job',
    examples: [
      {
        id: '0198c0df-1111-7c5b-9a51-0d5a3b1f2e4c',
        kind: 'scan',
        state: 'running',
        title: 'Scan of “Media”',
        driveId: '0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c',
        userId: null,
        progress: { unit: 'entries', done: 12000, total: 214000 },
        isCancelling: false,
        resultId: null,
        problem: null,
        createdAt: '2026-08-02T17:04:11.000Z',
        startedAt: '2026-08-02T17:04:11.000Z',
        finishedAt: null,
      },
    ],
  });

/** The newest first. */
export const jobPageSchema = pageSchema(jobSchema).meta({ id: 'JobPage' });

export const listJobsQuerySchema = z.object({
  ...pageQueryShape,
  active: z.enum(['0', '1']).optional().describe('1: only those that are not over yet'),
});

export type Job = z.infer<typeof jobSchema>;
export type JobPage = z.infer<typeof jobPageSchema>;
export type ListJobsQuery = z.infer<typeof listJobsQuerySchema>;
