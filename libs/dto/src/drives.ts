import * as z from 'zod';

import { pageSchema } from './paging';

export const driveStateSchema = z.enum(['online', 'offline', 'replaced']);

/** A drive: a folder tree that is served. */
export const driveSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    rootFolderId: z.uuid(),
    kind: z.enum(['posix', 's3']),
    state: driveStateSchema,
    readOnly: z.boolean(),
    usedBytes: z.int().describe('Bytes of the files on it that HomeServer knows'),
    freeBytes: z.int().nullable().describe('What its filesystem has left; null while offline'),
    entryCount: z.int(),
    index: z.object({
      state: z.enum(['idle', 'scanning', 'attention', 'failed']),
      scannedCount: z.int(),
    }),
  })
  .meta({
    id: 'Drive',
    examples: [
      {
        id: '0198c0dd-1111-7c5b-9a51-0d5a3b1f2e4c',
        name: 'Files',
        rootFolderId: '0198c0dd-2222-7c5b-9a51-0d5a3b1f2e4c',
        kind: 'posix',
        state: 'online',
        readOnly: false,
        usedBytes: 48213000,
        freeBytes: 1220000000000,
        entryCount: 214,
        index: { state: 'idle', scannedCount: 214 },
      },
    ],
  });

/** The default drive first, then by name. */
export const drivePageSchema = pageSchema(driveSchema).meta({ id: 'DrivePage' });

export type DriveState = z.infer<typeof driveStateSchema>;
export type Drive = z.infer<typeof driveSchema>;
export type DrivePage = z.infer<typeof drivePageSchema>;
