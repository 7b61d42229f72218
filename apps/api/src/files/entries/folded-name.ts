import { IS_ASCII } from './sort-key';

/**
 * What names are searched by: case, accents, and the ways to compose one letter are folded, so that
 * `cafe` finds `Café.pdf`, whichever system named it. Vowel signs of other scripts, which are no
 * accents, stay. A name that was folded with another version of this rule is folded again by a migration.
 */
export function foldName(name: string): string {
  if (IS_ASCII.test(name)) return name.toLowerCase();
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFC');
}
