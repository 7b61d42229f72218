import type { FileMetadata } from '@homeserver/dto';

import { foldName } from '../entries/name-order';

/** After so long a pause a letter begins another name. */
const FORGET_AFTER_MS = 900;

/** The letters that were typed in one go. */
export class TypedText {
  private text = '';
  private lastAt = Number.NEGATIVE_INFINITY;

  /** @param now in milliseconds */
  isTyping(now: number): boolean {
    return this.text !== '' && now - this.lastAt < FORGET_AFTER_MS;
  }

  /** What is being looked for after one more character. The same one again and again stays one: it walks on. */
  add(character: string, now: number): string {
    const before = this.isTyping(now) ? this.text : '';
    this.text = before === character ? character : before + character;
    this.lastAt = now;
    return this.text;
  }

  forget(): void {
    this.text = '';
  }
}

/**
 * The next row whose name begins so, case and accents aside, going round at the end; -1 when there is none.
 * @param from the row where the keyboard is, or -1. A single letter goes on to the next one
 */
export function findByBeginning(
  rows: readonly Pick<FileMetadata, 'filename'>[],
  text: string,
  from: number,
): number {
  const beginning = foldName(text);
  const start = Math.max(0, [...text].length === 1 ? from + 1 : from);
  for (let step = 0; step < rows.length; step += 1) {
    const index = (start + step) % rows.length;
    const row = rows[index];
    if (row !== undefined && foldName(row.filename).startsWith(beginning)) return index;
  }
  return -1;
}
