import { MINIMUM_PASSWORD_LENGTH } from '@homeserver/dto';

import { PASSWORD_HINT } from '../people/password-words';

/** From here on a password of ordinary words is out of reach for whoever tries them all. */
const LONG = 16;

/** What is said below a password while it is typed: of its length alone, which is what a page can judge. */
export function passwordWords(password: string): string {
  // As the server counts.
  const { length } = password;
  if (length === 0) return PASSWORD_HINT;
  const missing = MINIMUM_PASSWORD_LENGTH - length;
  if (missing > 0) return `${missing} more ${missing === 1 ? 'character' : 'characters'}.`;
  return length < LONG
    ? 'Long enough. With another word or two it is hard to guess.'
    : 'Long, and so hard to guess.';
}
