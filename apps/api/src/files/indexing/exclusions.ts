import picomatch from 'picomatch';

import { OWN_FOLDER } from '../../platform/filesystem/own-folder';

const OPTIONS = { dot: true, nocase: false, nonegate: true, noextglob: true, nobrace: true };

/** What a drive leaves out: names anywhere, paths from its root, and hidden names where they are not shown. */
export interface ExclusionRules {
  readonly excludes: readonly string[];
  readonly showHidden: boolean;
}

/** Whether an entry is left out, by its name and its path inside the drive. */
export type IsExcluded = (name: string, path: string) => boolean;

export function exclusionOf({ excludes, showHidden }: ExclusionRules): IsExcluded {
  const names = excludes.filter((pattern) => !pattern.includes('/'));
  const paths = excludes.filter((pattern) => pattern.includes('/')).map(trimSlash);
  const plainNames = new Set(names.filter((name) => !isPattern(name)));
  const namePatterns = names.filter(isPattern);
  const matchesName = namePatterns.length === 0 ? null : picomatch(namePatterns, OPTIONS);
  const matchesPath = paths.length === 0 ? null : picomatch(paths, OPTIONS);
  return (name, path) =>
    (!showHidden && name.startsWith('.')) ||
    plainNames.has(name) ||
    // Never shown; in any case, for some disks tell no case apart.
    (name === path && name.toLowerCase() === OWN_FOLDER) ||
    (matchesName?.(name) ?? false) ||
    (matchesPath?.(path) ?? false);
}

function isPattern(text: string): boolean {
  return /[*?[\]\\]/.test(text);
}

function trimSlash(pattern: string): string {
  return pattern.replace(/\/+$/, '');
}
