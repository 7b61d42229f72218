/** A name and its extension, which keeps its dot: `Sunset` and `.mov`. */
export interface NameParts {
  readonly stem: string;
  readonly extension: string;
}

/**
 * The extension is what follows the last dot that is not the first character, as the server counts it
 * when it numbers a taken name.
 */
export function splitName(filename: string): NameParts {
  const dot = filename.lastIndexOf('.');
  if (dot <= 0) return { stem: filename, extension: '' };
  return { stem: filename.slice(0, dot), extension: filename.slice(dot) };
}

/** How many characters of a name to preselect when it is about to be changed. */
export function renamedLength(filename: string, kind: 'file' | 'folder'): number {
  return kind === 'folder' ? filename.length : splitName(filename).stem.length;
}

/** Names in words: `“a.txt”`, `“a.txt” and “b.txt”`, `“a.txt”, “b.txt” and 3 more`. */
export function quoteNames(names: readonly string[], most = 2): string {
  const shown = names.slice(0, most).map((name) => `“${name}”`);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.pop() ?? '';
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
