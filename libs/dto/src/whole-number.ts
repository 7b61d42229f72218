import * as z from 'zod';

/**
 * A whole number in a query, where everything is text: decimal digits alone, so that `1e2`, `0x10` and
 * ` 5` are no numbers. The documents show it as an integer.
 */
export function wholeNumberInQuery(least: number, most: number) {
  const error = `A whole number in decimal digits, ${least} to ${most}.`;
  return z.preprocess(
    (text) => (typeof text === 'string' && /^\d+$/.test(text) ? Number(text) : null),
    z.int({ error }).min(least, { error }).max(most, { error }),
  );
}
