/** Many files of 10 KiB: what each costs beside its bytes. */
import path from 'node:path';

import { run } from '../children.mjs';
import { originalPooled } from '../contenders/original.mjs';
import { interleave } from '../rounds.mjs';

const SIZE_BYTES = 10 * 1024;
const UPLOAD = { count: 400, connections: 8 };
const DOWNLOAD = { count: 4000, connections: 16, slowCount: 1000 };
const client = path.join(import.meta.dirname, '..', 'clients', 'small-files.mjs');

async function useClient(settings) {
  return JSON.parse(await run(process.execPath, [client, JSON.stringify(settings)]));
}

async function observe({ url, headers, tree, databaseTree }, settings) {
  const cpuBefore = tree.cpuSeconds;
  const databaseBefore = databaseTree?.cpuSeconds ?? 0;
  const { seconds, ids } = await useClient({ url, headers, ...settings });
  const perFile = (cpuSeconds) => (cpuSeconds / settings.count) * 1000;
  return {
    ids,
    figures: {
      'files/s': settings.count / seconds,
      'CPU ms/file': perFile(tree.cpuSeconds - cpuBefore),
      'database CPU ms/file':
        databaseTree === null ? 0 : perFile(databaseTree.cpuSeconds - databaseBefore),
    },
  };
}

export const smallUpload = {
  name: 'small-upload',
  title: `Upload of files of 10 KiB, ${UPLOAD.connections} at a time`,
  contenders: (all) => [all.homeserver, all.bare, all.nginx, all.original, originalPooled],
  goals: [
    { contender: 'HomeServer', key: 'files/s', atLeastTimes: 5, of: 'FastAPI' },
    { contender: 'HomeServer', key: 'files/s', atLeastTimes: 2, of: originalPooled.name },
  ],

  measure: (servers, { rounds, onProgress }) =>
    interleave(
      servers.map(({ name, server }) => ({
        name,
        run: async () =>
          (
            await observe(server, {
              ...UPLOAD,
              upload: server.smallUpload,
              sizeBytes: SIZE_BYTES,
            })
          ).figures,
      })),
      rounds,
      onProgress,
    ),
};

export const smallDownload = {
  name: 'small-download',
  title: `Download of files of 10 KiB, ${DOWNLOAD.connections} connections`,
  contenders: (all) => [all.homeserver, all.bare, all.nginx, all.original],
  goals: [
    { contender: 'HomeServer', key: 'files/s', atLeastTimes: 7, of: 'FastAPI' },
    { contender: 'HomeServer', key: 'files/s', atLeastTimes: 0.07, of: 'nginx' },
  ],

  async measure(servers, { rounds, onProgress }) {
    const paths = new Map();
    for (const { name, server } of servers) paths.set(name, await fill(server));
    return interleave(
      servers.map(({ name, server }) => ({
        name,
        run: async () => {
          const count = name === 'FastAPI' ? DOWNLOAD.slowCount : DOWNLOAD.count;
          return (await observe(server, { ...DOWNLOAD, count, paths: paths.get(name) })).figures;
        },
      })),
      rounds,
      onProgress,
    );
  },
};

/** @returns the paths of 100 small files */
async function fill(server) {
  const { url, headers, smallUpload: upload } = server;
  const settings = { upload, sizeBytes: SIZE_BYTES, count: 100, connections: 8 };
  const { ids } = await useClient({ url, headers, ...settings });
  if (ids.length > 0)
    return ids.map((id) => `${upload.path.replace('/upload', '')}/${id}/download`);
  return Array.from({ length: settings.count }, (_, index) =>
    upload.path.replace('{n}', String(index)),
  );
}
