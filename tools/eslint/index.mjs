import { domains } from './domains.mjs';
import { layers } from './layers.mjs';
import { noImportCycles } from './no-import-cycles.mjs';

/** The rules of the house that no package has. */
export default {
  meta: { name: 'homeserver' },
  rules: { domains, layers, 'no-import-cycles': noImportCycles },
};
