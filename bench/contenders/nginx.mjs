/**
 * nginx with sendfile and WebDAV PUT: what the hardware gives to a server that keeps no database,
 * computes no hash and never syncs.
 */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { run, startServer, versionOf } from '../children.mjs';
import { ProcessTree } from '../process-tree.mjs';
import { freePort } from './free-port.mjs';
import { homeserver } from './homeserver.mjs';

const EXAMPLE = path.resolve(import.meta.dirname, '..', '..', 'deploy', 'nginx.conf');

/** @param server what is in the `server` beside its port; `before` it what the rest needs */
function configuration(folder, port, { server, before = '' }) {
  return `
    daemon off; worker_processes auto; pid ${folder}/nginx.pid; error_log stderr error;
    ${process.getuid() === 0 ? 'user root;' : ''}
    events { worker_connections 4096; }
    http {
      access_log off; sendfile on; tcp_nopush on; client_max_body_size 0; keepalive_requests 100000;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      ${before}
      server {
        listen 127.0.0.1:${port};
        ${server}
      }
    }`;
}

/** @returns how it is reached, and its processes */
async function startNginx(folder, parts) {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  const port = await freePort();
  const file = path.join(folder, 'nginx.conf');
  writeFileSync(file, configuration(folder, port, parts));
  const { child, stop } = await startServer('nginx', ['-c', file, '-p', folder], { port });
  return { url: `http://127.0.0.1:${port}`, tree: new ProcessTree(child.pid), stop };
}

export const nginx = {
  name: 'nginx',
  whyNot: async () =>
    (await versionOf('nginx', ['-v'])) === null ? 'nginx is not installed' : null,

  async start(parent) {
    const folder = path.join(parent, 'nginx');
    mkdirSync(path.join(folder, 'root'), { recursive: true });
    const { url, tree, stop } = await startNginx(folder, {
      server: `location / { root ${folder}/root; dav_methods PUT DELETE; create_full_put_path on; }`,
    });
    let count = 0;
    return {
      url,
      tree,
      databaseTree: null,
      stop,
      async upload(file) {
        count += 1;
        const target = `${url}/${count}.bin`;
        await run('curl', ['-sS', '--fail', '-o', '/dev/null', '-T', file, target]);
        return { url: target, path: path.join(folder, 'root', `${count}.bin`) };
      },
      async remove({ url: target }) {
        await run('curl', ['-sS', '--fail', '-X', 'DELETE', target]);
      },
      smallUpload: { method: 'PUT', path: '/small/{n}.bin', body: 'plain' },
    };
  },
};

/** The same, and the client has each upload synced before it calls it done. */
export const nginxSynced = {
  ...nginx,
  name: 'nginx and fdatasync',
  async start(parent) {
    const running = await nginx.start(path.join(parent, 'synced'));
    return {
      ...running,
      async upload(file) {
        const uploaded = await running.upload(file);
        await run('sync', ['--data', uploaded.path]);
        return uploaded;
      },
    };
  },
};

/** HomeServer with ACCEL_REDIRECT behind an nginx that is set up by the example in deploy. */
export const homeserverBehindNginx = {
  ...nginx,
  name: 'HomeServer behind nginx',
  async start(parent) {
    const behind = await homeserver.start(path.join(parent, 'behind'), {
      ACCEL_REDIRECT: '/accel/',
    });
    const { items } = await (
      await fetch(`${behind.url}/api/v1/drives`, { headers: behind.headers })
    ).json();
    const drive = items.find(({ name }) => name === 'Files');
    const [before, rest] = readFileSync(EXAMPLE, 'utf8').split(/^server \{$/m);
    const server = rest
      .slice(0, rest.lastIndexOf('}'))
      .replace(/listen 80;\s*server_name [^;]*;/, '')
      .replace('client_max_body_size 0;', '')
      .replace('127.0.0.1:8000', new URL(behind.url).host)
      .replace('00000000-0000-0000-0000-000000000000', drive.id)
      .replace('/mnt/archive/', `${behind.dataDir}/files/`);
    const front = await startNginx(path.join(parent, 'front'), { before, server });
    return {
      ...behind,
      url: front.url,
      tree: together(behind.tree, front.tree),
      async stop() {
        await front.stop();
        await behind.stop();
      },
      async upload(file) {
        const uploaded = await behind.upload(file);
        return { ...uploaded, url: uploaded.url.replace(behind.url, front.url) };
      },
    };
  },
};

/** Two trees of processes as one. */
function together(...trees) {
  const sum = (key) => trees.reduce((total, tree) => total + tree[key], 0);
  return {
    get cpuSeconds() {
      return sum('cpuSeconds');
    },
    get peakBytes() {
      return sum('peakBytes');
    },
    resetPeak: () => trees.forEach((tree) => tree.resetPeak()),
  };
}
