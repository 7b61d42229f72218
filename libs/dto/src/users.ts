import * as z from 'zod';

import { pageQueryShape, pageSchema } from './paging';
import { ROLES, SCOPES } from './roles';

export const scopeSchema = z.enum(SCOPES);
export const roleSchema = z.enum(ROLES);

export const MAXIMUM_USERNAME_LENGTH = 32;

/** Also the name of the folder of the personal drive, so it is plain, and letters of either case are one. */
export const usernameSchema = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]([a-z0-9._-]{0,30}[a-z0-9])?$/, {
    error:
      'A user name has 1 to 32 letters a to z, digits, dots, hyphens and underscores, and begins and ends with a letter or a digit.',
  })
  .describe('Letters a to z, digits, dots, hyphens, underscores; case does not matter');

export const MINIMUM_PASSWORD_LENGTH = 10;
export const MAXIMUM_PASSWORD_LENGTH = 200;

/** A password as it is given for a check: it may be of an older rule. */
export const passwordSchema = z.string().min(1, 'A password must not be empty.').max(1000);

/** A password that is to be set. Beside its length it is checked for being guessed at once. */
export const newPasswordSchema = z
  .string()
  .min(MINIMUM_PASSWORD_LENGTH, `A password has at least ${MINIMUM_PASSWORD_LENGTH} characters.`)
  .max(MAXIMUM_PASSWORD_LENGTH, `A password has at most ${MAXIMUM_PASSWORD_LENGTH} characters.`)
  .refine((text) => text.isWellFormed(), { error: 'A password must be valid Unicode.' });

export const displayNameSchema = z
  .string()
  .trim()
  .min(1, 'A name must not be empty.')
  .max(80, 'A name has at most 80 characters.')
  .refine((text) => !/\p{Cc}/u.test(text) && text.isWellFormed(), {
    error: 'A name must not contain control characters.',
  });

/** In bytes; no more than a number keeps exactly. */
export const quotaSchema = z.int().min(0);

/** Somebody who may sign in. */
export const userSchema = z
  .object({
    id: z.uuid(),
    username: z.string(),
    displayName: z.string(),
    role: roleSchema,
    disabled: z.boolean(),
    createdAt: z.iso.datetime(),
    lastSeenAt: z.iso.datetime().nullable().describe('null: never signed in yet'),
    usedBytes: z
      .int()
      .describe(
        'What they uploaded and is still there, also in the trash and as earlier versions; and uploads under way, as a whole',
      ),
    quotaBytes: quotaSchema
      .nullable()
      .describe('How much that may be; null: as much as there is room'),
  })
  .meta({
    id: 'User',
    examples: [
      {
        id: '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c',
        username: 'anna',
        displayName: 'Anna',
        role: 'member',
        disabled: false,
        createdAt: '2026-08-01T09:12:00.000Z',
        lastSeenAt: '2026-08-02T17:04:11.000Z',
        usedBytes: 48213000,
        quotaBytes: 500000000000,
      },
    ],
  });

export const userPageSchema = pageSchema(userSchema).meta({ id: 'UserPage' });

export const createUserSchema = z
  .strictObject({
    username: usernameSchema,
    displayName: displayNameSchema.optional().describe('The user name where absent'),
    role: roleSchema.default('member'),
    password: newPasswordSchema.describe('For the first sign-in; theirs to change'),
  })
  .meta({
    id: 'CreateUser',
    examples: [
      { username: 'anna', displayName: 'Anna', role: 'member', password: 'a long phrase of hers' },
    ],
  });

export const patchUserSchema = z
  .strictObject({
    displayName: displayNameSchema.optional(),
    role: roleSchema.optional(),
    disabled: z.boolean().optional(),
    password: newPasswordSchema.optional().describe('A new one, which ends all their sessions'),
    quotaBytes: quotaSchema
      .nullable()
      .optional()
      .describe('How much they may upload; null: as much as there is room'),
  })
  .meta({ id: 'PatchUser', examples: [{ role: 'guest', disabled: false }] });

export const listUsersQuerySchema = z.object({ ...pageQueryShape });
export type ListUsersQuery = z.infer<typeof listUsersQuerySchema>;

/** What people change of themselves. */
export const patchMeSchema = z
  .strictObject({ displayName: displayNameSchema.optional() })
  .meta({ id: 'PatchMe', examples: [{ displayName: 'Anna' }] });

export type User = z.infer<typeof userSchema>;
export type UserPage = z.infer<typeof userPageSchema>;
export type CreateUser = z.infer<typeof createUserSchema>;
export type PatchUser = z.infer<typeof patchUserSchema>;
export type PatchMe = z.infer<typeof patchMeSchema>;
