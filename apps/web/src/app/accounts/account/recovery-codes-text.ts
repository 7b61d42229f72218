/**
 * The file that somebody keeps recovery codes in.
 * @param host where they are good for, such as `home.example.org`
 */
export function recoveryCodesText(
  codes: readonly string[],
  username: string,
  host: string,
): string {
  return [
    `Recovery codes of ${username} for HomeServer at ${host}`,
    '',
    ...codes,
    '',
    'Each code signs in once, in place of the code of an authenticator app.',
    'New codes make these void.',
    '',
  ].join('\n');
}
