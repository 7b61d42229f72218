/** Why nothing came of the way to the identity provider and back, by the code in the address. */
const WORDS: Readonly<Record<string, string>> = {
  'accounts.oidc_refused':
    'The identity provider did not say who you are. Nothing was changed; you can try again.',
  'accounts.oidc_unknown_user':
    'The account that you chose at the identity provider is not yours here. Nothing was changed.',
  'accounts.identity_taken':
    'That account at the identity provider is linked with somebody else here. Choose another one there.',
  'accounts.identity_exists':
    'You are linked with another account at the identity provider. Unlink that one first.',
};

const UNKNOWN = 'That did not work, and nothing was changed. You can try again.';

/** @param code of the address; whatever it is, only words of ours are shown for it */
export function identityWords(code: string | null): string | null {
  if (code === null) return null;
  return Object.hasOwn(WORDS, code) ? (WORDS[code] ?? null) : UNKNOWN;
}
