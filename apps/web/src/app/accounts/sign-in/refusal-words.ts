/** Why the identity provider's answer let nobody in, by the code that the server adds to the address. */
const REFUSALS: Readonly<Record<string, string>> = {
  'accounts.oidc_refused': 'That sign-in did not come to its end. Try again, or use another way.',
  'accounts.oidc_unknown_user':
    'The account you chose there belongs to nobody here. Ask whoever looks after HomeServer at home, or use another way.',
  'accounts.disabled': 'This account is disabled. Ask whoever looks after HomeServer at home.',
};

/** @param code of the address; whatever it is, only words of ours are shown for it */
export function refusalWords(code: string | undefined): string | null {
  if (code === undefined) return null;
  return Object.hasOwn(REFUSALS, code) ? (REFUSALS[code] ?? null) : UNKNOWN;
}

const UNKNOWN = 'That sign-in did not work. Try again, or use another way.';
