import { randomBytes } from 'node:crypto';

import { generateURI, ScureBase32Plugin, verifySync } from 'otplib';

/** RFC 4226, section 4, R6 recommends 160 bits. */
const SECRET_BYTES = 20;
/** One step to either side: clocks that differ, and people who type (RFC 6238, section 5.2). */
const TOLERANCE_SECONDS = 30;
const CODE = /^\d{6}$/;
const base32 = new ScureBase32Plugin();

export function newTotpSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** The secret as people type it, and as authenticator apps take it. */
export function toBase32(secret: Uint8Array): string {
  return base32.encode(secret);
}

/** What the QR code says. All authenticator apps know SHA-1, six digits and 30 seconds; some know nothing else. */
export function totpUri(secret: Uint8Array, username: string): string {
  return generateURI({ issuer: 'HomeServer', label: username, secret: toBase32(secret) });
}

/** Whether a text can be such a code at all. */
export function isTotpCode(text: string): boolean {
  return CODE.test(text);
}

/**
 * The time step (RFC 6238) of which this is the code, at most one from now.
 * @param atSeconds the Unix time
 * @returns null when it is the code of none of them
 */
export function findTimeStep(secret: Uint8Array, code: string, atSeconds: number): number | null {
  if (!isTotpCode(code)) return null;
  const result = verifySync({
    secret: Uint8Array.from(secret),
    token: code,
    epoch: atSeconds,
    epochTolerance: TOLERANCE_SECONDS,
  });
  return result.valid && 'timeStep' in result ? result.timeStep : null;
}
