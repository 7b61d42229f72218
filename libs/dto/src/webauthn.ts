import * as z from 'zod';

/** Bytes as WebAuthn's JSON has them: base64url without padding. */
function base64Url(mostCharacters: number) {
  return z
    .string()
    .min(1)
    .max(mostCharacters)
    .regex(/^[A-Za-z0-9_-]+$/, { error: 'Base64url, without padding.' });
}

/** At most 1,023 bytes, WebAuthn Level 3, section 4. */
const credentialIdSchema = base64Url(1364);
const clientDataSchema = base64Url(8192);

/**
 * What the browser answers when it has made a passkey: RegistrationResponseJSON of WebAuthn Level 3, section
 * 5.1.8. Browsers add members now and then, so those that we do not know are left alone.
 */
export const registrationResponseSchema = z
  .object({
    id: credentialIdSchema,
    rawId: credentialIdSchema,
    type: z.literal('public-key'),
    response: z.object({
      clientDataJSON: clientDataSchema,
      attestationObject: base64Url(65_536),
      transports: z
        .array(z.string().regex(/^[a-z-]{1,32}$/))
        .max(10)
        .optional(),
    }),
  })
  .describe('RegistrationResponseJSON of WebAuthn');

/** What the browser answers when a passkey was used: AuthenticationResponseJSON of WebAuthn Level 3. */
export const assertionResponseSchema = z
  .object({
    id: credentialIdSchema,
    rawId: credentialIdSchema,
    type: z.literal('public-key'),
    response: z.object({
      clientDataJSON: clientDataSchema,
      authenticatorData: base64Url(8192),
      signature: base64Url(8192),
      userHandle: base64Url(86).optional().describe('Whose passkey it is; passkeys say so'),
    }),
  })
  .describe('AuthenticationResponseJSON of WebAuthn');

export type RegistrationResponse = z.infer<typeof registrationResponseSchema>;
export type AssertionResponse = z.infer<typeof assertionResponseSchema>;
