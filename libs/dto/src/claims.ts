import * as z from 'zod';

import { idSchema } from './identifier';

/** More than anybody looks through. */
export const MAXIMUM_CLAIMS = 20;

/** By what a file is taken for one that is missing: the strongest that is true. */
export const claimReasonSchema = z
  .enum(['content', 'name', 'size_and_time'])
  .describe(
    'content: the same SHA-256; name: the same but for case and accents; size_and_time: both are the same',
  );

/** A missing file that a file which came may be. */
export const claimSchema = z
  .object({
    id: z.uuid(),
    filename: z.string(),
    path: z.string().describe('The path inside the drive at which it was'),
    size: z.int().describe('Bytes'),
    modifiedAt: z.iso.datetime(),
    missingSince: z.iso.datetime(),
    tags: z.array(z.string()),
    reason: claimReasonSchema,
  })
  .meta({
    id: 'Claim',
    examples: [
      {
        id: '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c',
        filename: 'IMG_1.jpg',
        path: 'Photos/2019/IMG_1.jpg',
        size: 2481132,
        modifiedAt: '2019-08-02T17:04:11.000Z',
        missingSince: '2026-11-03T08:12:40.000Z',
        tags: ['holiday'],
        reason: 'content',
      },
    ],
  });

export const claimListSchema = z
  .object({ items: z.array(claimSchema).describe('The best first, at most 20') })
  .meta({
    id: 'ClaimList',
    examples: [{ items: z.globalRegistry.get(claimSchema)?.['examples'] ?? [] }],
  });

export const claimFileSchema = z
  .strictObject({ missingId: idSchema.describe('The missing entry that the file is') })
  .meta({
    id: 'ClaimFile',
    examples: [{ missingId: '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c' }],
  });

export type ClaimReason = z.infer<typeof claimReasonSchema>;
export type Claim = z.infer<typeof claimSchema>;
export type ClaimList = z.infer<typeof claimListSchema>;
export type ClaimFile = z.infer<typeof claimFileSchema>;
