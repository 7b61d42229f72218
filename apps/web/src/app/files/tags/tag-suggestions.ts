import type { TagCount } from '@homeserver/dto';

import { foldName } from '../entries/name-order';

const MOST_SUGGESTIONS = 8;

/**
 * Known tags that fit what is being typed, those that begin so first, each group by how often they are
 * used. Tags that are there already are not suggested.
 */
export function suggestTags(
  known: readonly TagCount[],
  text: string,
  present: readonly string[],
): readonly TagCount[] {
  const wanted = foldName(text.trim());
  const fitting = known.filter(
    ({ tag }) => !present.includes(tag) && foldName(tag).includes(wanted),
  );
  const begins = (entry: TagCount) => Number(foldName(entry.tag).startsWith(wanted));
  return fitting
    .sort((left, right) => begins(right) - begins(left) || right.count - left.count)
    .slice(0, MOST_SUGGESTIONS);
}
