import { MAXIMUM_TAGS, normaliseTag, tagFault } from '@homeserver/dto';

/** What is to become of the tags of several entries. */
export interface TagEdit {
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** Tags after something was typed; `fault` says, for a person, why they are still those before. */
export interface TypedTags {
  readonly tags: readonly string[];
  readonly fault: string | null;
}

/** How many of some entries bear a tag. */
export interface SharedTag {
  readonly tag: string;
  readonly count: number;
}

/** Adds what was typed, several tags when commas part them. What is there already is not added twice. */
export function addTyped(tags: readonly string[], text: string): TypedTags {
  const typed = text
    .split(',')
    .map(normaliseTag)
    .filter((tag) => tag !== '');
  const fault = typed.map(tagFault).find((words) => words !== null) ?? null;
  if (fault !== null) return { tags, fault };
  const all = [...new Set([...tags, ...typed])];
  if (all.length > MAXIMUM_TAGS) return { tags, fault: `At most ${MAXIMUM_TAGS} tags are kept.` };
  return { tags: all, fault: null };
}

/** The tags of an entry after an edit of several; those that are too many are left out. */
export function applyEdit(tags: readonly string[], edit: TagEdit): string[] {
  const kept = tags.filter((tag) => !edit.removed.includes(tag));
  return [...new Set([...kept, ...edit.added])].slice(0, MAXIMUM_TAGS);
}

export function hasSameTags(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((tag, index) => tag === right[index]);
}

/** The tags of some entries, those that most of them bear first. */
export function sharedTags(entries: readonly { readonly tags: readonly string[] }[]): SharedTag[] {
  const counts = new Map<string, number>();
  for (const { tags } of entries) {
    for (const tag of tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
  }
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((left, right) => right.count - left.count);
}

/**
 * The edit that leads from the tags that entries share to those that they are to share.
 * @param entryCount of the entries
 * @param onAll tags that all are to bear
 * @param onSome tags that stay on those that bear them
 */
export function editOf(
  before: readonly SharedTag[],
  entryCount: number,
  onAll: readonly string[],
  onSome: readonly string[],
): TagEdit {
  const wereOnAll = before.filter(({ count }) => count === entryCount).map(({ tag }) => tag);
  const were = before.map(({ tag }) => tag);
  return {
    added: onAll.filter((tag) => !wereOnAll.includes(tag)),
    removed: were.filter((tag) => !onAll.includes(tag) && !onSome.includes(tag)),
  };
}

/** What changed between two sets of tags, in words for a person. */
export function editInWords(before: readonly string[], after: readonly string[]): string {
  const added = after.filter((tag) => !before.includes(tag));
  const removed = before.filter((tag) => !after.includes(tag));
  const [tag] = [...added, ...removed];
  if (added.length + removed.length !== 1 || tag === undefined) return 'Tags changed.';
  return added.length === 1 ? `Tag “${tag}” added.` : `Tag “${tag}” removed.`;
}
