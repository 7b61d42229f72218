/** One large file, up and down. Wall time is noise on a machine that does other things: CPU and memory count. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

import { run } from '../children.mjs';
import { homeserverBehindNginx, nginxSynced } from '../contenders/nginx.mjs';
import { curlHeaders } from '../contenders/sign-in.mjs';
import { interleave } from '../rounds.mjs';

const MIB = 1024 * 1024;
const STREAMS = [1, 4];

/** Runs `work` and answers what it took of the server. Memory in MiB. */
export async function observe({ tree, databaseTree }, sizeMib, work) {
  tree.resetPeak();
  const cpuBefore = tree.cpuSeconds;
  const databaseBefore = databaseTree?.cpuSeconds ?? 0;
  const startedAt = performance.now();
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const gib = sizeMib / 1024;
  return {
    'MB/s': (sizeMib * MIB) / 1e6 / seconds,
    'CPU s/GiB': (tree.cpuSeconds - cpuBefore) / gib,
    'database CPU s/GiB':
      databaseTree === null ? 0 : (databaseTree.cpuSeconds - databaseBefore) / gib,
    'peak MiB': tree.peakBytes / MIB,
  };
}

export const largeUpload = {
  name: 'upload',
  title: 'Upload of one large file by a form (nginx: PUT)',
  contenders: (all) => [all.homeserver, all.bare, all.nginx, nginxSynced, all.original],
  goals: [
    { contender: 'HomeServer', key: 'CPU s/GiB', atMost: 3 },
    { contender: 'HomeServer', key: 'peak MiB', atMost: 130 },
    { contender: 'HomeServer', key: 'MB/s', atLeastTimes: 0.6, of: nginxSynced.name },
    { contender: 'HomeServer', key: 'MB/s', atLeastTimes: 3.5, of: 'FastAPI' },
  ],

  async measure(servers, { largeFile, sizeMib, rounds, onProgress }) {
    const expected = await sha256Of(largeFile);
    return interleave(
      servers.map(({ name, server }) => ({
        name,
        run: async () => {
          let uploaded;
          const result = await observe(server, sizeMib, async () => {
            uploaded = await server.upload(largeFile);
          });
          if (uploaded.sha256 !== undefined && uploaded.sha256 !== expected)
            throw new Error(`${name} kept other bytes than were sent.`);
          await server.remove(uploaded);
          return result;
        },
      })),
      rounds,
      onProgress,
    );
  },
};

export const largeDownload = {
  name: 'download',
  title: 'Download of one large file',
  contenders: (all) => [all.homeserver, all.bare, all.nginx, homeserverBehindNginx, all.original],
  goals: [
    ...STREAMS.flatMap((streams) => [
      toNginx(nameOf('HomeServer', streams), streams, { key: 'MB/s', atLeastTimes: 1 }),
      toNginx(nameOf('HomeServer', streams), streams, { key: 'CPU s/GiB', atMostTimes: 1.5 }),
      toNginx(nameOf(homeserverBehindNginx.name, streams), streams, {
        key: 'MB/s',
        atLeastTimes: 0.9,
      }),
    ]),
    toNginx(nameOf(homeserverBehindNginx.name, 1), 1, { key: 'CPU s/GiB', atMostTimes: 1.3 }),
  ],

  async measure(servers, { largeFile, sizeMib, rounds, onProgress }) {
    const uploaded = new Map();
    for (const { name, server } of servers) uploaded.set(name, await server.upload(largeFile));
    const works = STREAMS.flatMap((streams) =>
      servers.map(({ name, server }) => ({
        name: nameOf(name, streams),
        run: () =>
          observe(server, sizeMib * streams, () =>
            Promise.all(
              Array.from({ length: streams }, () =>
                fetchAway(uploaded.get(name).url, sizeMib, server.headers),
              ),
            ),
          ),
      })),
    );
    return interleave(works, rounds, onProgress);
  },
};

function nameOf(contender, streams) {
  return `${contender}, ${streams === 1 ? 'one stream' : `${streams} streams`}`;
}

function toNginx(contender, streams, goal) {
  return { contender, of: nameOf('nginx', streams), ...goal };
}

async function fetchAway(url, sizeMib, headers = {}) {
  const size = await run('curl', [
    '-sS',
    '--fail',
    '-o',
    '/dev/null',
    '-w',
    '%{size_download}',
    ...curlHeaders(headers),
    url,
  ]);
  if (Number(size) !== sizeMib * MIB)
    throw new Error(`${path.basename(url)} came in ${size} bytes.`);
}

async function sha256Of(file) {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}
