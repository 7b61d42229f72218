/** Whether the index of a drive says what its disk says. */
import { lstatSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { query } from './served-drive.mjs';

const OWN_FOLDER = '.homeserver';
const BELOW = `
  with recursive below as (
    select id, kind, size, filename collate "C" as path from file_metadata
    where parent_id = $1 and state = 'live' and (cardinality($2::text[]) = 0 or filename = any ($2))
    union all
    select f.id, f.kind, f.size, (b.path || '/' || f.filename) collate "C" from file_metadata f
    join below b on f.parent_id = b.id where f.state = 'live'
  )
  select path, case kind when 'folder' then 'folder' else 'file of ' || size end as what from below`;

/**
 * What lies on a disk.
 * @param names those in the root that count; all when there are none
 * @returns {Map<string, string>} for each path what it is, a file with its size
 */
export function readDisk(place, names = []) {
  const found = new Map();
  const read = (folder, prefix, isCounted) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      if (!isCounted(entry.name)) continue;
      const at = path.join(folder, entry.name);
      const name = prefix + entry.name;
      found.set(name, entry.isDirectory() ? 'folder' : `file of ${lstatSync(at).size}`);
      if (entry.isDirectory()) read(at, `${name}/`, () => true);
    }
  };
  read(place, '', (name) => (names.length === 0 ? name !== OWN_FOLDER : names.includes(name)));
  return found;
}

/** @returns how many entries are on the disk or in the index alone, or are not the same in both */
export async function countDifferences(server, rootFolderId, onDisk, names = []) {
  const rows = await query(server, BELOW, [rootFolderId, names]);
  let same = 0;
  for (const { path: name, what } of rows) if (onDisk.get(name) === what) same += 1;
  return onDisk.size - same + (rows.length - same);
}
