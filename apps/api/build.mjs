/** Builds the API into dist/apps/api: our own code bundled, packages left where they are. */
import path from 'node:path';

import { bundleForNode, root } from './bundle.mjs';

await bundleForNode(
  {
    main: 'apps/api/src/main.ts',
    'index-worker': 'apps/api/src/files/indexing/index-worker.ts',
    'small-files-worker': 'apps/api/src/drives/storage/small-files-worker.ts',
    operate: 'apps/api/src/operate.ts',
    'export-documents': 'apps/api/src/export-documents.ts',
  },
  path.join(root, 'dist', 'apps', 'api'),
);
