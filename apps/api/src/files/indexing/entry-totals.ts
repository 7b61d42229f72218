import type { Entry } from '../entries/entry';
import type { Totals } from './index-rows';

/** What the folder of an entry has by it. */
export function totalsOf({ kind, size, fileCount, folderCount }: Entry): Totals {
  return kind === 'file'
    ? { children: 1, files: 1, folders: 0, bytes: size }
    : { children: 1, files: fileCount ?? 0, folders: (folderCount ?? 0) + 1, bytes: size };
}

export function minus({ children, files, folders, bytes }: Totals): Totals {
  return { children: -children, files: -files, folders: -folders, bytes: -bytes };
}
