import * as z from 'zod';

import { registrationResponseSchema } from './webauthn';

/** A second factor, or a passkey that signs in alone. */
export const factorSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(['totp', 'passkey']),
    name: z.string(),
    createdAt: z.iso.datetime(),
    lastUsedAt: z.iso.datetime().nullable(),
  })
  .meta({
    id: 'Factor',
    examples: [
      {
        id: '0198c0dd-9999-7c5b-9a51-0d5a3b1f2e4c',
        kind: 'totp',
        name: 'Authenticator app',
        createdAt: '2026-08-01T09:12:00.000Z',
        lastUsedAt: null,
      },
    ],
  });

export const factorListSchema = z
  .object({
    items: z.array(factorSchema),
    recoveryCodesLeft: z.int().describe('Recovery codes that are not used yet'),
    requiredAtSignIn: z
      .boolean()
      .describe('Whether the password alone no longer suffices; true with an authenticator app'),
    hasPassword: z.boolean(),
    identityProvider: z
      .object({ name: z.string(), isLinked: z.boolean() })
      .nullable()
      .describe('null: none is set up'),
    passkeys: z.object({ available: z.boolean(), reason: z.string().nullable() }),
  })
  .meta({
    id: 'FactorList',
    examples: [
      {
        items: [
          {
            id: '0198c0dd-9999-7c5b-9a51-0d5a3b1f2e4c',
            kind: 'totp',
            name: 'Authenticator app',
            createdAt: '2026-08-01T09:12:00.000Z',
            lastUsedAt: null,
          },
        ],
        recoveryCodesLeft: 10,
        requiredAtSignIn: true,
        hasPassword: true,
        identityProvider: null,
        passkeys: { available: false, reason: 'Passkeys need HTTPS.' },
      },
    ],
  });

export const patchFactorsSchema = z
  .strictObject({
    requiredAtSignIn: z.boolean().describe('With a passkey alone it is yours to choose'),
  })
  .meta({ id: 'PatchFactors', examples: [{ requiredAtSignIn: true }] });

/** The secret of an authenticator app that is being set up. It counts when a code of it was given. */
export const totpSetupSchema = z
  .object({
    secret: z.string().describe('Base32, to be typed where no code can be scanned'),
    uri: z.string().describe('otpauth://…, which the QR code shows'),
  })
  .meta({
    id: 'TotpSetup',
    examples: [
      {
        secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP',
        uri: 'otpauth://totp/HomeServer:anna?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=HomeServer',
      },
    ],
  });

export const confirmTotpSchema = z
  .strictObject({ code: z.string().trim().min(1).max(40) })
  .meta({ id: 'ConfirmTotp', examples: [{ code: '492039' }] });

export const createPasskeySchema = z
  .strictObject({
    challengeId: z.uuid(),
    name: z.string().trim().min(1, 'A passkey needs a name.').max(80),
    response: registrationResponseSchema,
  })
  .meta({
    id: 'CreatePasskey',
    examples: [
      {
        challengeId: '0198c0df-0000-7c5b-9a51-0d5a3b1f2e4c',
        name: 'Phone',
        response: {
          id: 'mXcHHyUf4Sk',
          rawId: 'mXcHHyUf4Sk',
          type: 'public-key',
          response: {
            clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIn0',
            attestationObject: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YQ',
            transports: ['internal', 'hybrid'],
          },
        },
      },
    ],
  });

/** What adding a factor answers; recovery codes only with the first one, and shown this once. */
export const addedFactorSchema = z
  .object({ factor: factorSchema, recoveryCodes: z.array(z.string()).nullable() })
  .meta({
    id: 'AddedFactor',
    examples: [
      {
        factor: {
          id: '0198c0dd-9999-7c5b-9a51-0d5a3b1f2e4c',
          kind: 'totp',
          name: 'Authenticator app',
          createdAt: '2026-08-01T09:12:00.000Z',
          lastUsedAt: null,
        },
        recoveryCodes: ['7f3k-q9xd-2m4t', 'h8wz-c5rn-6p1v'],
      },
    ],
  });

export const recoveryCodesSchema = z
  .object({
    recoveryCodes: z.array(z.string()).describe('Shown this once; the former ones are void'),
  })
  .meta({
    id: 'RecoveryCodes',
    examples: [{ recoveryCodes: ['7f3k-q9xd-2m4t', 'h8wz-c5rn-6p1v'] }],
  });

export type Factor = z.infer<typeof factorSchema>;
export type FactorList = z.infer<typeof factorListSchema>;
export type PatchFactors = z.infer<typeof patchFactorsSchema>;
export type TotpSetup = z.infer<typeof totpSetupSchema>;
export type ConfirmTotp = z.infer<typeof confirmTotpSchema>;
export type CreatePasskey = z.infer<typeof createPasskeySchema>;
export type AddedFactor = z.infer<typeof addedFactorSchema>;
export type RecoveryCodes = z.infer<typeof recoveryCodesSchema>;
