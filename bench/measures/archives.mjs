/** Many files as one archive, beside the same bytes as one file. */
import { randomFillSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { run } from '../children.mjs';
import { curlHeaders } from '../contenders/sign-in.mjs';
import { interleave } from '../rounds.mjs';
import { addDrive, get, waitUntilHashed, waitUntilIndexed } from '../served-drive.mjs';
import { observe } from './large-files.mjs';

const FILES = 10_000;
const FILES_IN_FOLDER = 100;
const SIZES = { '100 KiB': 100 * 1024, '10 KiB': 10 * 1024 };
const MIB = 1024 * 1024;
const one = (words) => `one file, as large as all of ${words}`;
const many = (words) => `archive of files of ${words}`;

export const archives = {
  name: 'archive',
  title: `An archive of ${FILES} files, while it is made`,
  contenders: (all) => [all.homeserver],
  goals: [{ contender: one('100 KiB'), key: 'MB/s', atMostTimes: 2, of: many('100 KiB') }],

  async measure([{ server }], { folder, files = FILES, rounds, onProgress }) {
    const place = path.join(folder, 'drive');
    for (const [words, size] of Object.entries(SIZES)) makeFiles(place, words, { files, size });
    const drive = await addDrive(server, place);
    await waitUntilIndexed(server, drive.id);
    await waitUntilHashed(server, drive.id);
    const { items } = await get(server, `/api/v1/files/list?driveId=${drive.id}`);
    const base = `${server.url}/api/v1/files`;
    const idOf = (name) => items.find(({ filename }) => filename === name).id;
    const works = Object.entries(SIZES).flatMap(([words, size]) => {
      const sizeMib = (files * size) / MIB;
      return [
        [one(words), `${base}/${idOf(`${words}.bin`)}/download`],
        [many(words), `${base}/${idOf(words)}/zip`],
      ].map(([name, url]) => ({ name, run: () => fetchAway(server, sizeMib, url) }));
    });
    return interleave(works, rounds, onProgress);
  },
};

/** A folder with all of them, and beside it one file of as many bytes. */
function makeFiles(place, name, { files, size }) {
  const bytes = Buffer.alloc(size);
  for (let index = 0; index < files; index += 1) {
    const folder = path.join(place, name, String(Math.floor(index / FILES_IN_FOLDER)));
    if (index % FILES_IN_FOLDER === 0) mkdirSync(folder, { recursive: true });
    randomFillSync(bytes);
    writeFileSync(path.join(folder, `${index}.bin`), bytes);
    writeFileSync(path.join(place, `${name}.bin`), bytes, { flag: 'a' });
  }
}

async function fetchAway(server, sizeMib, url) {
  return observe(server, sizeMib, async () => {
    const options = ['-sS', '--fail', '-o', '/dev/null', '-w', '%{size_download}'];
    const size = await run('curl', [...options, ...curlHeaders(server.headers), url]);
    if (Number(size) < sizeMib * MIB) throw new Error(`${url} came in ${size} bytes.`);
  });
}
