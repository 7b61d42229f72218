import type { Claim } from '@homeserver/dto';
import { formatDay } from '@homeserver/ui';

/** More would be read by nobody. */
const TAGS_NAMED = 5;

/** What a file may be, as a sentence. */
export function claimInWords(claim: Claim, now: Date): string {
  const { filename, path, missingSince, tags } = claim;
  const folder = path.slice(0, Math.max(0, path.lastIndexOf('/')));
  const place = folder === '' ? 'the top of the drive' : folder;
  const since = formatDay(new Date(missingSince), now);
  return `This may be “${filename}”, gone from ${place} since ${since}${tagsInWords(tags)}.`;
}

function tagsInWords(tags: readonly string[]): string {
  if (tags.length === 0) return '';
  const named = tags.slice(0, TAGS_NAMED).join(', ');
  const more = tags.length - TAGS_NAMED;
  const rest = more > 0 ? ` and ${more} more` : '';
  return `, with the ${tags.length === 1 ? 'tag' : 'tags'} ${named}${rest}`;
}
