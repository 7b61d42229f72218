const TONES = ['accent', 'info', 'violet', 'warning'] as const;

export type TagTone = (typeof TONES)[number];

/** The colour of a tag's dot: the same tag has the same one everywhere. Decorative. */
export function toneOfTag(tag: string): TagTone {
  // FNV-1a, and its bits mixed: words that end alike get colours apart.
  let hash = 2_166_136_261;
  for (const character of tag.toLowerCase()) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 16_777_619);
  }
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return TONES[((hash ^ (hash >>> 13)) >>> 0) % TONES.length] ?? 'accent';
}
