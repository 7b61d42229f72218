/** The path of a name in a folder; the folder's path is empty for the root of a drive. */
export function joinPath(folderPath: string, filename: string): string {
  return folderPath === '' ? filename : `${folderPath}/${filename}`;
}

/** The name at the end of a path, and the folder's path before it. */
export function splitPath(path: string): { folderPath: string; filename: string } {
  const slash = path.lastIndexOf('/');
  return slash < 0
    ? { folderPath: '', filename: path }
    : { folderPath: path.slice(0, slash), filename: path.slice(slash + 1) };
}
