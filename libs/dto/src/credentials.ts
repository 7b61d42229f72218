import * as z from 'zod';

import { pageSchema } from './paging';
import { newPasswordSchema, passwordSchema, scopeSchema } from './users';

export const changePasswordSchema = z
  .strictObject({
    currentPassword: passwordSchema.optional().describe('Not needed where there is none yet'),
    newPassword: newPasswordSchema,
  })
  .meta({
    id: 'ChangePassword',
    examples: [{ currentPassword: 'a long phrase of hers', newPassword: 'another phrase of hers' }],
  });

/** A browser that is signed in. */
export const sessionSchema = z
  .object({
    id: z.uuid(),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
    clientAddress: z.string().describe('Where it was used last'),
    userAgent: z.string().describe('What the browser says of itself'),
    isCurrent: z.boolean().describe('The one that asks'),
  })
  .meta({
    id: 'Session',
    examples: [
      {
        id: '0198c0db-7777-7c5b-9a51-0d5a3b1f2e4c',
        createdAt: '2026-08-01T09:12:00.000Z',
        lastSeenAt: '2026-08-02T17:04:11.000Z',
        expiresAt: '2026-09-01T17:04:11.000Z',
        clientAddress: '192.168.1.23',
        userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
        isCurrent: true,
      },
    ],
  });

export const sessionPageSchema = pageSchema(sessionSchema).meta({ id: 'SessionPage' });

/** An API token, as it is listed: without the secret. */
export const apiTokenSchema = z
  .object({
    id: z.uuid(),
    name: z.string(),
    scopes: z.array(scopeSchema),
    createdAt: z.iso.datetime(),
    expiresAt: z.iso.datetime().nullable().describe('null: never'),
    lastUsedAt: z.iso.datetime().nullable().describe('To a few minutes; null: never yet'),
  })
  .meta({
    id: 'ApiToken',
    examples: [
      {
        id: '0198c0dc-8888-7c5b-9a51-0d5a3b1f2e4c',
        name: 'Backup script',
        scopes: ['files:read'],
        createdAt: '2026-08-01T09:12:00.000Z',
        expiresAt: '2027-08-01T00:00:00.000Z',
        lastUsedAt: null,
      },
    ],
  });

export const apiTokenPageSchema = pageSchema(apiTokenSchema).meta({ id: 'ApiTokenPage' });

export const createTokenSchema = z
  .strictObject({
    name: z.string().trim().min(1, 'A token needs a name.').max(80),
    scopes: z.array(scopeSchema).min(1, 'A token needs at least one scope.').max(20),
    expiresAt: z.iso.datetime({ offset: true }).optional().describe('Never where absent'),
  })
  .meta({
    id: 'CreateToken',
    examples: [
      { name: 'Backup script', scopes: ['files:read'], expiresAt: '2027-08-01T00:00:00.000Z' },
    ],
  });

export const createdTokenSchema = z
  .object({ id: z.uuid(), token: z.string().describe('Shown this once') })
  .meta({
    id: 'CreatedToken',
    examples: [
      {
        id: '0198c0dc-8888-7c5b-9a51-0d5a3b1f2e4c',
        token: 'hs_3w5e11264sg0r41v5xzqm8wtf7n9k2ch',
      },
    ],
  });

export type ChangePassword = z.infer<typeof changePasswordSchema>;
export type Session = z.infer<typeof sessionSchema>;
export type SessionPage = z.infer<typeof sessionPageSchema>;
export type ApiToken = z.infer<typeof apiTokenSchema>;
export type ApiTokenPage = z.infer<typeof apiTokenPageSchema>;
export type CreateToken = z.infer<typeof createTokenSchema>;
export type CreatedToken = z.infer<typeof createdTokenSchema>;
