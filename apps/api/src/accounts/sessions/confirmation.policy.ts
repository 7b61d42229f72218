import type { Actor } from '../../platform/access/actor';
import { ConfirmRequiredError } from '../accounts.errors';

const CONFIRMED_FOR_MS = 15 * 60 * 1000;

/**
 * What would let somebody stay who should not have come in (a new factor, a token, another password) asks
 * for a proof of a moment ago: a browser that was left open does not suffice.
 * @throws ConfirmRequiredError (403)
 */
export function requireConfirmed({ confirmedAt }: Actor): void {
  if (confirmedAt === null || Date.now() - confirmedAt.getTime() > CONFIRMED_FOR_MS)
    throw new ConfirmRequiredError();
}
