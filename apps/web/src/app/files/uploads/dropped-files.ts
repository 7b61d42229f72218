/** What was dropped on the page. */
export interface Dropped {
  readonly files: readonly File[];
  /** Folders, which cannot be uploaded yet. */
  readonly folderNames: readonly string[];
}

/** The part of a DataTransfer that counts. */
export interface DropSource {
  readonly items: Iterable<{
    readonly kind: string;
    webkitGetAsEntry(): { readonly name: string; readonly isDirectory: boolean } | null;
    getAsFile(): File | null;
  }>;
}

/** Whether files are being dragged, rather than text or a link. */
export function carriesFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') === true;
}

/**
 * Files and folders apart. To be called while the drop is handled: afterwards the browser knows
 * nothing of it any more.
 */
export function sortDropped(source: DropSource): Dropped {
  const files: File[] = [];
  const folderNames: string[] = [];
  for (const item of source.items) {
    if (item.kind !== 'file') continue;
    // The only way to tell a folder: as a file it looks like an empty one.
    const entry = item.webkitGetAsEntry();
    const file = entry?.isDirectory === true ? null : item.getAsFile();
    if (entry?.isDirectory === true) folderNames.push(entry.name);
    else if (file !== null) files.push(file);
  }
  return { files, folderNames };
}
