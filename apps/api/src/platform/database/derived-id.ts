import { createHash } from 'node:crypto';

const TIME_DIGITS = 12;
/** The digit of the variant, 10xx in bits. */
const VARIANTS = '89ab';

/**
 * The id of what one piece of work makes of a thing: the same whenever the work is done again, so that after a crash
 * it sees what it has made already. It sorts with the ids of the time when the work was begun.
 * @param workId a UUID of version 7
 */
export function derivedId(workId: string, thingId: string): string {
  const hash = createHash('sha256').update(`${workId}/${thingId}`).digest('hex');
  const time = workId.replaceAll('-', '').slice(0, TIME_DIGITS);
  const variant = VARIANTS.charAt(parseInt(hash.charAt(15), 16) % VARIANTS.length);
  return [
    time.slice(0, 8),
    time.slice(8),
    `7${hash.slice(0, 3)}`,
    `${variant}${hash.slice(3, 6)}`,
    hash.slice(16, 28),
  ].join('-');
}
