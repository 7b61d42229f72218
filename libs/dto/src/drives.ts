import * as z from 'zod';

import { idSchema } from './identifier';
import { pageSchema } from './paging';

export const driveStateSchema = z.enum(['online', 'offline', 'replaced']);

export const accessSchema = z.enum(['none', 'read', 'write']);

/** What somebody may do on a drive whose files they see. */
export const grantedAccessSchema = z.enum(['read', 'write']);

/** A drive: a folder tree that is served. */
export const driveSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    rootFolderId: z.uuid(),
    kind: z.enum(['posix', 's3']),
    state: driveStateSchema,
    readOnly: z.boolean(),
    access: accessSchema.describe(
      'What you may do there; none only where an administrator asks for all',
    ),
    ownerId: z.uuid().nullable().describe('Whose personal drive it is; null: it is shared'),
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
        access: 'write',
        ownerId: null,
        usedBytes: 48213000,
        freeBytes: 1220000000000,
        entryCount: 214,
        index: { state: 'idle', scannedCount: 214 },
      },
    ],
  });

/** The default drive first, then by name. */
export const drivePageSchema = pageSchema(driveSchema).meta({ id: 'DrivePage' });

/** Who may do what on a drive: every user once. */
export const driveGrantsSchema = z
  .object({ items: z.array(z.object({ userId: z.uuid(), access: accessSchema })) })
  .meta({
    id: 'DriveGrants',
    examples: [{ items: [{ userId: '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c', access: 'read' }] }],
  });

export const replaceGrantsSchema = z
  .strictObject({
    items: z
      .array(z.strictObject({ userId: idSchema, access: accessSchema }))
      .max(10_000)
      .describe('Who is not named gets none; the owner of a personal drive keeps write'),
  })
  .meta({
    id: 'ReplaceGrants',
    examples: [{ items: [{ userId: '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c', access: 'read' }] }],
  });

export const listDrivesQuerySchema = z.object({
  all: z
    .enum(['0', '1'])
    .optional()
    .describe('1: every drive, also those that you may not read; for administrators'),
});

export type ListDrivesQuery = z.infer<typeof listDrivesQuerySchema>;
export type GrantedAccess = z.infer<typeof grantedAccessSchema>;
export type Access = z.infer<typeof accessSchema>;
export type DriveGrants = z.infer<typeof driveGrantsSchema>;
export type ReplaceGrants = z.infer<typeof replaceGrantsSchema>;
export type DriveState = z.infer<typeof driveStateSchema>;
export type Drive = z.infer<typeof driveSchema>;
export type DrivePage = z.infer<typeof drivePageSchema>;
