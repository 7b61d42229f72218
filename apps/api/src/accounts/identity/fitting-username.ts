import { MAXIMUM_USERNAME_LENGTH, usernameSchema } from '@homeserver/dto';

const WITHOUT_A_NAME = 'user';

/** A user name by our rule that is as near as can be to what somebody is called elsewhere. */
export function fittingUsername(preferred: string | null): string {
  const plain = (preferred ?? '')
    // Some providers have addresses there.
    .replace(/@.*$/s, '')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-');
  const fitting = trimmed(plain.slice(0, MAXIMUM_USERNAME_LENGTH * 2));
  return usernameSchema.safeParse(fitting).data ?? WITHOUT_A_NAME;
}

/** The same with a number behind it, where others have the name: 1 is the name itself. */
export function numberedUsername(username: string, number: number): string {
  if (number === 1) return username;
  const suffix = String(number);
  return `${trimmed(username, MAXIMUM_USERNAME_LENGTH - suffix.length)}${suffix}`;
}

/** It begins and ends with a letter or a digit. */
function trimmed(text: string, length = MAXIMUM_USERNAME_LENGTH): string {
  return text
    .replace(/^[._-]+/, '')
    .slice(0, length)
    .replace(/[._-]+$/, '');
}
