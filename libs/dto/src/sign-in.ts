import * as z from 'zod';

import {
  displayNameSchema,
  newPasswordSchema,
  passwordSchema,
  usernameSchema,
  userSchema,
} from './users';
import { assertionResponseSchema } from './webauthn';

/** Whether the first administrator is still to be made. */
export const setupStateSchema = z
  .object({ needed: z.boolean() })
  .meta({ id: 'SetupState', examples: [{ needed: false }] });

export const setupSchema = z
  .strictObject({
    setupToken: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .describe('Printed at the start, and in DATA_DIR/setup-token'),
    username: usernameSchema,
    password: newPasswordSchema,
    displayName: displayNameSchema.optional().describe('The user name where absent'),
  })
  .meta({
    id: 'Setup',
    examples: [
      { setupToken: '9tq2-x7mh-4c1d-k8ws', username: 'anna', password: 'a long phrase of hers' },
    ],
  });

/** The user that a sign-in or the set-up has let in; the session comes as a cookie. */
export const signedInSchema = z.object({ user: userSchema }).meta({
  id: 'SignedIn',
  examples: [
    {
      user: {
        id: '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c',
        username: 'anna',
        displayName: 'Anna',
        role: 'admin',
        disabled: false,
        createdAt: '2026-08-01T09:12:00.000Z',
        lastSeenAt: '2026-08-02T17:04:11.000Z',
        usedBytes: 48213000,
        quotaBytes: null,
      },
    },
  ],
});

export const signInSchema = z
  .strictObject({
    username: z.string().trim().min(1, 'Say who you are.').max(200),
    password: passwordSchema,
    code: z
      .string()
      .trim()
      .min(1)
      .max(40)
      .optional()
      .describe('Of the authenticator app, or a recovery code, where a second factor is due'),
  })
  .meta({
    id: 'SignIn',
    examples: [{ username: 'anna', password: 'a long phrase of hers', code: '492039' }],
  });

/** The same proof as at sign-in, of who is signed in already. */
export const confirmationSchema = signInSchema
  .omit({ username: true })
  .meta({ id: 'Confirmation', examples: [{ password: 'a long phrase of hers' }] });
export type Confirmation = z.infer<typeof confirmationSchema>;

/** Ways to sign in here, for the page that offers them. */
export const signInMethodsSchema = z
  .object({
    passkeys: z.object({
      available: z.boolean(),
      reason: z.string().nullable().describe('Why not, for a person'),
    }),
    oidc: z
      .object({ name: z.string().describe('What the provider is called') })
      .nullable()
      .describe('null: no identity provider is set up'),
  })
  .meta({
    id: 'SignInMethods',
    examples: [
      {
        passkeys: {
          available: false,
          reason: 'Passkeys need HTTPS: set PUBLIC_URL to an address that begins with https://.',
        },
        oidc: null,
      },
    ],
  });

/** What the browser's WebAuthn takes, in its JSON form; its own library knows the members. */
export const webAuthnJsonSchema = z.record(z.string(), z.unknown());

export const passkeyChallengeSchema = z
  .object({
    challengeId: z.uuid().describe('To be sent back with the answer'),
    options: webAuthnJsonSchema.describe('PublicKeyCredential…OptionsJSON of WebAuthn'),
  })
  .meta({
    id: 'PasskeyChallenge',
    examples: [
      {
        challengeId: '0198c0df-0000-7c5b-9a51-0d5a3b1f2e4c',
        options: { challenge: 'PzI…', rpId: 'home.example.org', userVerification: 'required' },
      },
    ],
  });

export const passkeySignInSchema = z
  .strictObject({
    challengeId: z.uuid(),
    response: assertionResponseSchema,
  })
  .meta({
    id: 'PasskeySignIn',
    examples: [
      {
        challengeId: '0198c0df-0000-7c5b-9a51-0d5a3b1f2e4c',
        response: {
          id: 'mXcHHyUf4Sk',
          rawId: 'mXcHHyUf4Sk',
          type: 'public-key',
          response: {
            clientDataJSON: 'eyJ0eXBlIjoid2ViYXV0aG4uZ2V0In0',
            authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ',
            signature: 'MEUCIQDx0YkFvQ',
            userHandle: 'AZjA2lVVfFuaUQ1aOx8uTA',
          },
        },
      },
    ],
  });

export type SetupState = z.infer<typeof setupStateSchema>;
export type Setup = z.infer<typeof setupSchema>;
export type SignedIn = z.infer<typeof signedInSchema>;
export type SignIn = z.infer<typeof signInSchema>;
export type SignInMethods = z.infer<typeof signInMethodsSchema>;
export type PasskeyChallenge = z.infer<typeof passkeyChallengeSchema>;
export type PasskeySignIn = z.infer<typeof passkeySignInSchema>;
