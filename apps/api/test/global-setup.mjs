/** One PostgreSQL for the whole run, with a migrated database that each test file clones. */
import path from 'node:path';

import { bundleForNode, root } from '../bundle.mjs';

export default async function setUp() {
  const outdir = path.join(root, 'dist', 'apps', 'api-test');
  await bundleForNode({ 'test-postgres': 'apps/api/test/test-postgres.ts' }, outdir);
  const { TestPostgres } = await import(path.join(outdir, 'test-postgres.mjs'));
  globalThis.testPostgres = await TestPostgres.start(process.env.TEST_POSTGRES_BINARIES);
  process.env.TEST_TEMPLATE_URL = globalThis.testPostgres.url;
}
