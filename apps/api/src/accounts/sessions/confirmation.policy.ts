import type { Actor } from '../../platform/access/actor';
import { ConfirmRequiredError } from '../accounts.errors';

const CONFIRMED_FOR_MS = 15 * 60 * 1000;

/**
 * What would let somebody stay who should not have come in (a new factor, a token, another password) asks
 * for a proof of a moment ago: a browser that was left open does not suffice. A token is not left open;
 * where only a person may do something, the route says so.
 * @throws ConfirmRequiredError (403)
 */
export function requireConfirmed({ credential, confirmedAt }: Actor): void {
  if (credential.kind === 'token') return;
  if (confirmedAt === null || Date.now() - confirmedAt.getTime() > CONFIRMED_FOR_MS)
    throw new ConfirmRequiredError();
}
