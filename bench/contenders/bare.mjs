/** The least that Node.js can do with the same promise: what is between it and HomeServer is HomeServer's. */
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

import { run, startServer } from '../children.mjs';
import { ProcessTree } from '../process-tree.mjs';
import { freePort } from './free-port.mjs';
import { databaseUrl, homeserver } from './homeserver.mjs';

const SERVICE = path.join(import.meta.dirname, 'bare', 'service.mjs');

export const bare = {
  name: 'bare Node.js',
  whyNot: async () => null,

  /** Its table lies in the database that an idle HomeServer has for itself. */
  async start(folder) {
    const host = await homeserver.start(path.join(folder, 'database-of-bare'));
    const files = path.join(folder, 'bare');
    mkdirSync(files, { recursive: true });
    const port = await freePort();
    const settings = JSON.stringify({ port, files, databaseUrl: databaseUrl(host) });
    const { child, stop } = await startServer(process.execPath, [SERVICE, settings], { port });
    const url = `http://127.0.0.1:${port}`;
    return {
      url,
      tree: new ProcessTree(child.pid),
      databaseTree: host.databaseTree,
      async stop() {
        await stop();
        await host.stop();
      },
      async upload(file) {
        const answer = await run('curl', ['-sS', '--fail', '-F', `file=@${file}`, `${url}/upload`]);
        const { id, sha256 } = JSON.parse(answer);
        return { id, sha256, url: `${url}/${id}/download` };
      },
      async remove({ id }) {
        rmSync(path.join(files, id));
      },
      smallUpload: { method: 'POST', path: '/upload', body: 'multipart' },
    };
  },
};
