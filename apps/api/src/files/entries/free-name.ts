import { MAXIMUM_NAME_BYTES, utf8Length } from '@homeserver/dto';

import { shortenToBytes } from './sort-key';

/** The first number that a doubled name gets: `a.txt`, then `a (2).txt`. */
const FIRST_NUMBER = 2;

/** A name in two parts; the extension is what follows the last dot that is not the first character, with that dot. */
export interface NameParts {
  readonly stem: string;
  readonly extension: string;
}

export function splitName(name: string): NameParts {
  const dot = name.lastIndexOf('.');
  return dot > 0
    ? { stem: name.slice(0, dot), extension: name.slice(dot) }
    : { stem: name, extension: '' };
}

/** `a.txt` with 2 is `a (2).txt`, shortened between characters to what a name may have. */
export function numberedName(name: string, number: number): string {
  const { stem, extension } = splitName(name);
  const suffix = ` (${number})`;
  const room = MAXIMUM_NAME_BYTES - utf8Length(suffix) - utf8Length(extension);
  if (room > 0) return `${shortenToBytes(stem, room)}${suffix}${extension}`;
  // The extension alone fills a name: it is no extension to speak of.
  return `${shortenToBytes(name, MAXIMUM_NAME_BYTES - utf8Length(suffix))}${suffix}`;
}

/** The name itself where it is free, else the one with the lowest free number. */
export function lowestFreeName(name: string, isTaken: (candidate: string) => boolean): string {
  if (!isTaken(name)) return name;
  for (let number = FIRST_NUMBER; ; number += 1) {
    const candidate = numberedName(name, number);
    if (!isTaken(candidate)) return candidate;
  }
}
