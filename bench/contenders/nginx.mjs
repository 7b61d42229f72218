/**
 * nginx with sendfile and WebDAV PUT: what the hardware gives to a server that keeps no database,
 * computes no hash and never syncs.
 */
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { run, startServer, versionOf } from '../children.mjs';
import { ProcessTree } from '../process-tree.mjs';
import { freePort } from './free-port.mjs';

function configuration(folder, port) {
  return `
    daemon off; worker_processes auto; pid ${folder}/nginx.pid; error_log stderr error;
    ${process.getuid() === 0 ? 'user root;' : ''}
    events { worker_connections 4096; }
    http {
      access_log off; sendfile on; tcp_nopush on; client_max_body_size 0; keepalive_requests 100000;
      client_body_temp_path ${folder}/body; proxy_temp_path ${folder}/proxy; fastcgi_temp_path ${folder}/fastcgi;
      uwsgi_temp_path ${folder}/uwsgi; scgi_temp_path ${folder}/scgi;
      server {
        listen 127.0.0.1:${port};
        location / { root ${folder}/root; dav_methods PUT DELETE; create_full_put_path on; }
      }
    }`;
}

export const nginx = {
  name: 'nginx',
  whyNot: async () =>
    (await versionOf('nginx', ['-v'])) === null ? 'nginx is not installed' : null,

  async start(parent) {
    const folder = path.join(parent, 'nginx');
    mkdirSync(path.join(folder, 'root'), { recursive: true });
    chmodSync(folder, 0o755);
    const port = await freePort();
    writeFileSync(path.join(folder, 'nginx.conf'), configuration(folder, port));
    const { child, stop } = await startServer(
      'nginx',
      ['-c', path.join(folder, 'nginx.conf'), '-p', folder],
      { port },
    );
    const url = `http://127.0.0.1:${port}`;
    const tree = new ProcessTree(child.pid);
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
