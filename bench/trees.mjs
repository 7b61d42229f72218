/** Trees of files to be served, and what is said of their places. */
import { startClient } from './children.mjs';

const ALBUMS_IN_PART = 100;
export const LARGE_FOLDER = 'large';
const KINDS = ['jpg', 'jpg', 'jpg', 'mkv', 'pdf', 'txt', 'flac'];

const padded = (number, digits) => String(number).padStart(digits, '0');

export function fileName(number) {
  return `picture ${padded(number, 6)}.${KINDS[number % KINDS.length]}`;
}

/** Where the folder with this number lies, relative to the root. */
export function albumOf(number) {
  const part = partName(Math.floor(number / ALBUMS_IN_PART));
  const isFirst = number % ALBUMS_IN_PART === 0;
  return { part, isFirst, folder: `${part}/album ${padded(number, 6)}` };
}

export function partName(number) {
  return `part ${padded(number, 5)}`;
}

/** The folder so many levels below the root. */
export function deepFolder(level) {
  return Array.from({ length: level }, (_, index) => `deep ${padded(index, 2)}`).join('/');
}

/**
 * @param shape `files` in all, `filesInFolder`, and where wished `largeFiles` in one folder and one `depth` levels deep
 * @returns {Promise<{ files: number, folders: number }>} what was made
 */
export async function makeTree(place, shape) {
  return startClient('make-tree.mjs', { largeFiles: 0, depth: 0, ...shape, place }).finished;
}
