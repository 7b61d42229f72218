/** Builds the API into dist/apps/api: our own code and the packages that it uses, bundled, and what these ask for. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { bundleForNode, root } from './bundle.mjs';
import { licencesOf, packagesInside, packagesOutside } from './third-party.mjs';

const folder = path.join(root, 'dist', 'apps', 'api');
const metafile = await bundleForNode(
  {
    main: 'apps/api/src/main.ts',
    'index-worker': 'apps/api/src/files/indexing/index-worker.ts',
    'small-files-worker': 'apps/api/src/drives/storage/small-files-worker.ts',
    operate: 'apps/api/src/operate.ts',
    'export-documents': 'apps/api/src/export-documents.ts',
  },
  folder,
);
const inside = packagesInside(metafile).map((place) => path.resolve(root, place));
await writeFile(path.join(folder, '3rdpartylicenses.txt'), await licencesOf(inside));
await writeFile(path.join(folder, 'packages.json'), JSON.stringify(packagesOutside(metafile)));
