/** A path with its middle put away. */
export interface CollapsedPath<Part> {
  /** What stands before the gap. */
  readonly first: readonly Part[];
  /** What the gap holds; empty where there is none. */
  readonly hidden: readonly Part[];
  readonly last: readonly Part[];
}

/**
 * Leaves at most so many parts in sight, the first one among them where there is room for two.
 * @param parts from the root on
 */
export function collapsePath<Part>(parts: readonly Part[], most: number): CollapsedPath<Part> {
  if (parts.length <= most) return { first: [], hidden: [], last: parts };
  const firstCount = most > 1 ? 1 : 0;
  const lastCount = most - firstCount;
  return {
    first: parts.slice(0, firstCount),
    hidden: parts.slice(firstCount, parts.length - lastCount),
    last: parts.slice(parts.length - lastCount),
  };
}
