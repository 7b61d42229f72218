/**
 * Makes a tree of files: `part 00003/album 0042/picture 000017.jpg`, and, where wished, one large folder and a
 * deep one. Files have a size, and take no room. Prints `{ files, folders }`.
 * Takes `{ place, files, filesInFolder, largeFiles, depth }` as JSON in its first argument.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync } from 'node:fs';

import { albumOf, deepFolder, fileName, LARGE_FOLDER } from '../trees.mjs';

const { place, files, filesInFolder, largeFiles, depth } = JSON.parse(process.argv[2]);
const BYTES_AT_MOST = 4096;
/** Odd, so that the sizes in a folder differ. */
const STRIDE = 1237;
let folderCount = 0;
let fileCount = 0;

function makeFolder(folder) {
  mkdirSync(folder);
  folderCount += 1;
}

function makeFiles(folder, count) {
  for (let number = 0; number < count; number += 1) {
    const file = openSync(`${folder}/${fileName(number)}`, 'wx');
    ftruncateSync(file, ((fileCount * STRIDE) % BYTES_AT_MOST) + 1);
    closeSync(file);
    fileCount += 1;
  }
}

mkdirSync(place, { recursive: true });
if (largeFiles > 0) {
  makeFolder(`${place}/${LARGE_FOLDER}`);
  makeFiles(`${place}/${LARGE_FOLDER}`, largeFiles);
}
for (let level = 1; level <= depth; level += 1) makeFolder(`${place}/${deepFolder(level)}`);
if (depth > 0) makeFiles(`${place}/${deepFolder(depth)}`, filesInFolder);
for (let album = 0; fileCount < files; album += 1) {
  const { part, isFirst, folder } = albumOf(album);
  if (isFirst) makeFolder(`${place}/${part}`);
  makeFolder(`${place}/${folder}`);
  makeFiles(`${place}/${folder}`, Math.min(filesInFolder, files - fileCount));
}
process.stdout.write(JSON.stringify({ files: fileCount, folders: folderCount }));
