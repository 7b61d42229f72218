/** A drive with many files: its way into the index, and what it is like for others meanwhile. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { startClient, versionOf } from '../children.mjs';
import { cpuSecondsOfEndedChildren } from '../process-tree.mjs';
import { interleave } from '../rounds.mjs';
import { addDrive, forgetDrive, get, scanDrive, waitUntilIndexed } from '../served-drive.mjs';
import { makeTree } from '../trees.mjs';

const FILES = 200_000;
const FILES_IN_FOLDER = 50;
const ASK_EVERY_MS = 20;
const MIB = 1024 * 1024;

const FIND = 'find -printf';
const ADDED = 'HomeServer, added';
const COLD_FIND = 'find -printf, cold';
const COLD_ADDED = 'HomeServer, added, cold';
const SCANNED = 'HomeServer, scanned again';
const FULLY_SCANNED = 'HomeServer, every file looked at again';
const ASKED = 'HomeServer, added while it is asked';

export const index = {
  name: 'index',
  title: `A drive of ${FILES} files in folders of ${FILES_IN_FOLDER} into the index`,
  contenders: (all) => [all.homeserver],
  goals: [
    { contender: COLD_ADDED, key: 'seconds', atMostTimes: 4, of: COLD_FIND },
    { contender: ADDED, key: 'seconds', atMostTimes: 4, of: FIND },
    { contender: SCANNED, key: 'seconds', atMostTimes: 1.5, of: FIND },
    { contender: ASKED, key: 'page p99 ms', atMost: 200 },
    { contender: ASKED, key: 'live p99 ms', atMost: 50 },
  ],

  async measure([{ server }], { folder, files = FILES, rounds, onProgress }) {
    if (!(await versionOf('find'))?.includes('GNU')) throw new Error('This needs GNU find.');
    const place = path.join(folder, 'tree');
    await makeTree(place, { files, filesInFolder: FILES_IN_FOLDER });
    let drive;
    return interleave(
      [
        { name: FIND, run: () => findAll(place) },
        {
          name: ADDED,
          run: () =>
            costOf(server, async () => {
              drive = await addDrive(server, place);
              await waitUntilIndexed(server, drive.id);
            }),
        },
        { name: SCANNED, run: () => costOf(server, () => scanDrive(server, drive.id, false)) },
        {
          name: FULLY_SCANNED,
          run: async () => {
            const cost = await costOf(server, () => scanDrive(server, drive.id, true));
            await forgetDrive(server, drive.id);
            return cost;
          },
        },
        ...coldContenders(server, place),
        { name: ASKED, run: () => addWhileAsked(server, place) },
      ],
      rounds,
      onProgress,
    );
  },
};

/**
 * The same of a disk that was just plugged in, as those are that people add: nothing of it is in memory. Only root can
 * have the system forget what it has read.
 */
function coldContenders(server, place) {
  if (process.getuid() !== 0) return [];
  return [
    {
      name: COLD_FIND,
      run: () => {
        forgetWhatWasRead();
        return findAll(place);
      },
    },
    {
      name: COLD_ADDED,
      run: async () => {
        let drive;
        forgetWhatWasRead();
        const cost = await costOf(server, async () => {
          drive = await addDrive(server, place);
          await waitUntilIndexed(server, drive.id);
        });
        await forgetDrive(server, drive.id);
        return cost;
      },
    },
  ];
}

function forgetWhatWasRead() {
  execFileSync('sync');
  writeFileSync('/proc/sys/vm/drop_caches', '3');
}

async function timeOf(work) {
  const startedAt = performance.now();
  await work();
  return { seconds: (performance.now() - startedAt) / 1000 };
}

async function costOf({ tree, databaseTree }, work) {
  tree.resetPeak();
  const before = { server: tree.cpuSeconds, database: databaseTree.cpuSeconds };
  const { seconds } = await timeOf(work);
  return {
    seconds,
    'CPU s': tree.cpuSeconds - before.server,
    'database CPU s': databaseTree.cpuSeconds - before.database,
    'peak MiB': tree.peakBytes / MIB,
  };
}

async function findAll(place) {
  const before = cpuSecondsOfEndedChildren();
  const { seconds } = await timeOf(async () => {
    // Its output goes to /dev/null.
    const child = spawn('find', [place, '-printf', '%p %s %i %T@\\n'], { stdio: 'ignore' });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error('find failed.');
  });
  return { seconds, 'CPU s': cpuSecondsOfEndedChildren() - before };
}

/** One client asks for pages of folders of the drive, one whether the server is alive, each about fifty times a second. */
async function addWhileAsked(server, place) {
  const { url, headers } = server;
  let drive;
  const clients = [];
  try {
    const cost = await costOf(server, async () => {
      drive = await addDrive(server, place);
      const root = `/api/v1/files/list?folderId=${drive.rootFolderId}&limit=100`;
      const { items } = await get(server, root);
      const pages = [root, `/api/v1/files/list?folderId=${items[0].id}&limit=100`];
      for (const paths of [pages, ['/health/live']])
        clients.push(startClient('steady.mjs', { url, headers, paths, everyMs: ASK_EVERY_MS }));
      await waitUntilIndexed(server, drive.id);
    });
    clients.forEach(({ end }) => end());
    const [page, live] = await Promise.all(clients.map(({ finished }) => finished));
    return {
      ...cost,
      asked: page.count,
      'page p50 ms': page.p50,
      'page p99 ms': page.p99,
      'page max ms': page.max,
      'live p50 ms': live.p50,
      'live p99 ms': live.p99,
      'live max ms': live.max,
    };
  } finally {
    clients.forEach(({ end }) => end());
    if (drive !== undefined) await forgetDrive(server, drive.id);
  }
}
