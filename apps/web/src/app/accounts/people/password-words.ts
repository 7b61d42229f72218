import { MINIMUM_PASSWORD_LENGTH } from '@homeserver/dto';

/** What a good password is, below the field where one is made. */
export const PASSWORD_HINT = `At least ${MINIMUM_PASSWORD_LENGTH} characters. A few words that do not belong together are easy to remember and hard to guess.`;
