/**
 * Changes a tree as people and programs do, at a steady pace: files come, grow, get other names, move and go; folders
 * come and get other names. The last change is a file in the root. Prints `{ changes, seconds, endedAt }`, the time of
 * the last change in milliseconds of the epoch.
 * Takes `{ place, folders, lastFile, perSecond, seconds }` as JSON in its first argument, folders relative to the place.
 */
import { appendFileSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const { place, folders, lastFile, perSecond, seconds } = JSON.parse(process.argv[2]);
const TICK_MS = 5;
const known = folders.map((folder) => ({
  place: path.join(place, folder),
  names: readdirSync(path.join(place, folder)),
}));
let count = 0;
let seed = 20_011;

/** The same in every run. */
function random(below) {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((seed / 2 ** 32) * below);
}

const anyFolder = () => known[random(known.length)];

function takeName(folder) {
  const [name] = folder.names.splice(random(folder.names.length), 1);
  return name;
}

function create(folder) {
  const name = `new ${count}.txt`;
  writeFileSync(path.join(folder.place, name), 'x'.repeat(random(200)));
  folder.names.push(name);
}

function write(folder) {
  appendFileSync(path.join(folder.place, folder.names[random(folder.names.length)]), 'more');
}

function move(folder, target) {
  const name = takeName(folder);
  const newName = `moved ${count}.txt`;
  renameSync(path.join(folder.place, name), path.join(target.place, newName));
  target.names.push(newName);
}

function remove(folder) {
  rmSync(path.join(folder.place, takeName(folder)));
}

function createFolder(folder) {
  const made = { place: `${folder.place} and ${count}`, names: [] };
  mkdirSync(made.place);
  known.push(made);
}

function renameFolder(folder) {
  const newPlace = `${folder.place}, renamed`;
  renameSync(folder.place, newPlace);
  folder.place = newPlace;
}

/** Of each hundred changes: 40 files come, 25 grow, 10 get another name, 10 move, 13 go; one folder comes, one gets another name. */
function changeSomething() {
  const folder = anyFolder();
  const kind = random(100);
  if (kind < 40 || folder.names.length === 0) create(folder);
  else if (kind < 65) write(folder);
  else if (kind < 75) move(folder, folder);
  else if (kind < 85) move(folder, anyFolder());
  else if (kind < 98) remove(folder);
  else if (kind < 99) createFolder(folder);
  else renameFolder(folder);
  count += 1;
}

const startedAt = performance.now();
while (count < perSecond * seconds) {
  const due = Math.min(perSecond * seconds, ((performance.now() - startedAt) / 1000) * perSecond);
  while (count < due) changeSomething();
  await delay(TICK_MS);
}
writeFileSync(path.join(place, lastFile), 'the last');
const endedAt = Date.now();
process.stdout.write(
  JSON.stringify({ changes: count, seconds: (performance.now() - startedAt) / 1000, endedAt }),
);
