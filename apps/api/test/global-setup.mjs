/** One PostgreSQL for the whole run, with a migrated database that each test file clones. */
import path from 'node:path';
import { pathToFileURL } from 'node:url';

import { bundleForNode, root } from '../bundle.mjs';

export default async function setUp() {
  const outdir = path.join(root, 'dist', 'apps', 'api-test');
  await bundleForNode(
    {
      'test-postgres': 'apps/api/test/test-postgres.ts',
      'index-worker': 'apps/api/src/files/indexing/index-worker.ts',
      'small-files-worker': 'apps/api/src/drives/storage/small-files-worker.ts',
    },
    outdir,
  );
  process.env.HOMESERVER_PROGRAMS = pathToFileURL(`${outdir}/`).href;
  const { TestPostgres } = await import(path.join(outdir, 'test-postgres.mjs'));
  const starting = TestPostgres.start(process.env.TEST_POSTGRES_BINARIES);
  // jest tears nothing down when it is interrupted, and PostgreSQL outlives the process that started it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    process.once(signal, async () => {
      await (await starting).stop();
      process.exit(1);
    });
  }
  globalThis.testPostgres = await starting;
  process.env.TEST_TEMPLATE_URL = globalThis.testPostgres.url;
}
