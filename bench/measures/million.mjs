/** A drive of a million entries: its pages, the memory that it takes, and changes that come all the time. */
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

import { startClient } from '../children.mjs';
import { countDifferences, readDisk } from '../index-comparison.mjs';
import { interleave, median, percentile } from '../rounds.mjs';
import { addDrive, get, readDrive, waitUntilIndexed } from '../served-drive.mjs';
import { albumOf, deepFolder, LARGE_FOLDER, makeTree, partName } from '../trees.mjs';

const ENTRIES = 1_000_000;
const FILES_IN_FOLDER = 49;
const ALBUMS_IN_PART = 100;
const SHARE_OF_LARGE = 1 / 20;
const DEPTH = 20;
const PAGES = 300;
const USAGES = 5;
const CHANGES_PER_SECOND = 1000;
const CHANGE_SECONDS = 60;
/** The changes go to so many of the parts, which have a hundred folders each. */
const CHANGED_PARTS = 20;
const LAST_FILE = 'the last change.txt';
const SETTLE_MS = 5000;
const GIVE_UP_MS = 300_000;
const MIB = 1024 * 1024;

const ADDED = 'HomeServer, added';
const PAGE_OF = ['the root', 'a deep folder', 'a large folder', 'the middle of a large folder'];
const pageRow = (of) => `HomeServer, a page of ${of}`;
const USAGE = 'HomeServer, usage map of the root';
const CHANGED = `HomeServer, ${CHANGES_PER_SECOND} changes/s`;

export const million = {
  name: 'million',
  title: `A drive of ${ENTRIES} entries`,
  isLong: true,
  contenders: (all) => [all.homeserver],
  goals: [
    { contender: ADDED, key: 'resident MiB', atMost: 450 },
    ...PAGE_OF.map((of) => ({ contender: pageRow(of), key: 'p99 ms', atMost: 100 })),
    { contender: USAGE, key: 'max ms', atMost: 1000 },
    { contender: CHANGED, key: 'resident MiB', atMost: 450 },
    { contender: CHANGED, key: 'changes/s', atLeast: CHANGES_PER_SECOND * 0.99 },
    { contender: CHANGED, key: 'last seen after s', atMost: 2 },
    { contender: CHANGED, key: 'missed', atMost: 0 },
  ],

  /** One round: what is indexed once cannot be indexed for the first time again, and a minute of changes is long. */
  async measure([{ server }], { folder, files: entries = ENTRIES, onProgress }) {
    const place = path.join(folder, 'tree');
    const tree = await makeTree(place, shapeOf(entries));
    let drive;
    let lists;
    const works = [
      {
        name: ADDED,
        run: async () => {
          server.tree.resetPeak();
          const startedAt = performance.now();
          drive = await addDrive(server, place);
          await waitUntilIndexed(server, drive.id);
          const seconds = (performance.now() - startedAt) / 1000;
          await waitUntilWatched(server, drive, tree);
          await delay(SETTLE_MS);
          return { entries: tree.files + tree.folders, seconds, ...memoryOf(server) };
        },
      },
      ...PAGE_OF.map((of) => ({
        name: pageRow(of),
        run: async () => {
          lists ??= await listsOf(server, drive);
          return timesOf(server, lists[of], PAGES);
        },
      })),
      {
        name: USAGE,
        run: () => timesOf(server, `/api/v1/files/${drive.rootFolderId}/usage`, USAGES),
      },
      { name: CHANGED, run: () => change(server, drive, { place, tree }) },
    ];
    return interleave(works, 1, onProgress);
  },
};

/** Of a tree with so many entries, give or take a folder. */
function shapeOf(entries) {
  const largeFiles = Math.round(entries * SHARE_OF_LARGE);
  const entriesOfDeep = DEPTH + FILES_IN_FOLDER;
  const entriesOfAlbum = FILES_IN_FOLDER + 1 + 1 / ALBUMS_IN_PART;
  const albums = Math.ceil((entries - largeFiles - 1 - entriesOfDeep) / entriesOfAlbum);
  return {
    files: largeFiles + FILES_IN_FOLDER + albums * FILES_IN_FOLDER,
    filesInFolder: FILES_IN_FOLDER,
    largeFiles,
    depth: DEPTH,
  };
}

function memoryOf({ tree }) {
  return { 'resident MiB': tree.residentBytes / MIB, 'peak MiB': tree.peakBytes / MIB };
}

/** Until every entry is counted, in the sums of the folders as well, and changes are listened to. */
async function waitUntilWatched(server, { id, rootFolderId }, { files, folders }) {
  const givesUpAt = Date.now() + GIVE_UP_MS;
  for (;;) {
    const { entryCount, index } = await readDrive(server, id);
    const usage = await get(server, `/api/v1/files/${rootFolderId}/usage?depth=1`);
    if (
      entryCount === files + folders &&
      usage.fileCount === files &&
      index.watching === 'notifications'
    )
      return;
    if (Date.now() > givesUpAt)
      throw new Error(
        `${entryCount} of ${files + folders} entries are known, ${usage.fileCount} of ${files} files are counted, and changes are noticed by ${index.watching}.`,
      );
    await delay(100);
  }
}

/** @returns the addresses of the pages, by what they are of */
async function listsOf(server, { rootFolderId }) {
  const listOf = (id) => `/api/v1/files/list?folderId=${id}&limit=100`;
  const idOf = async (folderId, name) => {
    const { items } = await get(server, `/api/v1/files/list?folderId=${folderId}&limit=500`);
    return items.find(({ filename }) => filename === name).id;
  };
  let deep = rootFolderId;
  for (const name of deepFolder(DEPTH).split('/')) deep = await idOf(deep, name);
  const large = listOf(await idOf(rootFolderId, LARGE_FOLDER));
  return {
    'the root': listOf(rootFolderId),
    'a deep folder': listOf(deep),
    'a large folder': large,
    'the middle of a large folder': `${large}&cursor=${await middleOf(server, large)}`,
  };
}

/** @returns the cursor of a page from the middle */
async function middleOf(server, list) {
  const all = list.replace('limit=100', 'limit=500');
  const { total, nextCursor: second } = await get(server, all);
  let nextCursor = second;
  for (let seen = 500; seen < total / 2; seen += 500)
    ({ nextCursor } = await get(server, `${all}&cursor=${nextCursor}`));
  return nextCursor;
}

async function timesOf(server, address, count) {
  const times = [];
  for (let asked = 0; asked < count; asked += 1) {
    const startedAt = performance.now();
    await get(server, address);
    times.push(performance.now() - startedAt);
  }
  return {
    'p50 ms': median(times),
    'p99 ms': percentile(times, 0.99),
    'max ms': Math.max(...times),
  };
}

async function change(server, { rootFolderId }, { place, tree }) {
  const { parts, folders } = changedOf(tree.folders);
  const { tree: processes, databaseTree } = server;
  processes.resetPeak();
  const before = { server: processes.cpuSeconds, database: databaseTree.cpuSeconds };
  const { changes, seconds, endedAt } = await startClient('changes.mjs', {
    place,
    folders,
    lastFile: LAST_FILE,
    perSecond: CHANGES_PER_SECOND,
    seconds: CHANGE_SECONDS,
  }).finished;
  const seenAt = await waitForLastFile(server, rootFolderId);
  const used = {
    'CPU s': processes.cpuSeconds - before.server,
    'database CPU s': databaseTree.cpuSeconds - before.database,
  };
  const equalAt = await waitUntilEqual(server, rootFolderId, { place, parts });
  return {
    'changes/s': changes / seconds,
    'last seen after s': (seenAt - endedAt) / 1000,
    'all seen after s': (equalAt - endedAt) / 1000,
    missed: await countDifferences(server, rootFolderId, readDisk(place)),
    ...used,
    ...memoryOf(server),
  };
}

/** The parts that are changed, all over the drive, and the folders in them. */
function changedOf(folderCount) {
  const albumCount = folderCount - DEPTH - 1 - Math.ceil(folderCount / (ALBUMS_IN_PART + 1));
  // The last one may not be whole.
  const partCount = Math.max(1, Math.floor(albumCount / ALBUMS_IN_PART));
  const every = Math.max(1, Math.floor(partCount / CHANGED_PARTS));
  const numbers = Array.from({ length: partCount }, (_, number) => number)
    .filter((number) => number % every === 0)
    .slice(0, CHANGED_PARTS);
  const folders = numbers.flatMap((part) =>
    Array.from({ length: ALBUMS_IN_PART }, (_, album) => part * ALBUMS_IN_PART + album)
      .filter((album) => album < albumCount)
      .map((album) => albumOf(album).folder),
  );
  return { parts: numbers.map((number) => partName(number)), folders };
}

/** @returns when a list of the root showed it, in milliseconds of the epoch */
async function waitForLastFile(server, rootFolderId) {
  const list = `/api/v1/files/list?folderId=${rootFolderId}&kind=file&limit=100`;
  const givesUpAt = Date.now() + GIVE_UP_MS;
  while (Date.now() < givesUpAt) {
    const { items } = await get(server, list);
    if (items.some(({ filename }) => filename === LAST_FILE)) return Date.now();
    await delay(20);
  }
  return Number.POSITIVE_INFINITY;
}

/** @returns when the index said of what was changed what the disk says */
async function waitUntilEqual(server, rootFolderId, { place, parts }) {
  const onDisk = readDisk(place, parts);
  const givesUpAt = Date.now() + GIVE_UP_MS;
  while (Date.now() < givesUpAt) {
    const askedAt = Date.now();
    if ((await countDifferences(server, rootFolderId, onDisk, parts)) === 0) return askedAt;
    await delay(100);
  }
  return Number.POSITIVE_INFINITY;
}
