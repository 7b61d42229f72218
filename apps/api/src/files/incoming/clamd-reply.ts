/** What a scanner says of some bytes. */
export type Verdict =
  | { readonly kind: 'clean' }
  | { readonly kind: 'infected'; readonly signature: string }
  /** It can look at files, but not into this one. */
  | { readonly kind: 'unscannable'; readonly reason: string }
  /** It is away, frozen or broken. */
  | { readonly kind: 'unavailable'; readonly cause: unknown };

const ENCRYPTED = /^Heuristics\.Encrypted\./;
/** Found where clamd stopped at one of its own limits, by AlertExceedsMax: the rest was not looked at. */
const EXCEEDS_LIMITS = /^Heuristics\.Limits\.Exceeded/;

/** Reads clamd's answer to INSTREAM, without what ends it. */
export function verdictOf(reply: string): Verdict {
  if (reply === 'stream: OK') return { kind: 'clean' };
  const signature = /^stream: (.+) FOUND$/s.exec(reply)?.[1];
  if (signature !== undefined) return verdictOfFinding(signature);
  if (reply.startsWith('INSTREAM size limit exceeded'))
    return { kind: 'unscannable', reason: 'it is larger than the virus scanner takes' };
  return { kind: 'unavailable', cause: new Error(`clamd answered: ${reply.slice(0, 200)}`) };
}

function verdictOfFinding(signature: string): Verdict {
  if (ENCRYPTED.test(signature))
    return {
      kind: 'unscannable',
      reason: 'it is encrypted, so the virus scanner cannot look into it',
    };
  if (EXCEEDS_LIMITS.test(signature))
    return { kind: 'unscannable', reason: 'it is more than the virus scanner looks through' };
  return { kind: 'infected', signature };
}
