/** A handle to what was chosen, where the browser gives one: it is worth something after a reload too. */
export interface SourceHandle {
  readonly kind: 'file' | 'directory';
  readonly name: string;
}

/** What a person chose or dropped, and where it lies in that. */
export interface ChosenFile {
  readonly kind: 'file';
  readonly file: File;
  /** The folders above it within what was chosen, such as `Photos/2026`; empty for a file by itself. */
  readonly folderPath: string;
  /** null where the browser has no File System Access, as on plain HTTP. */
  readonly handle: SourceHandle | null;
  /** What was dropped itself: leave to read it is asked for there, once. */
  readonly root: SourceHandle | null;
}

/** A folder with nothing in it, which would else not arrive. */
export interface ChosenFolder {
  readonly kind: 'folder';
  /** With its own name. */
  readonly folderPath: string;
}

/** Something that this browser could not read. */
export interface Unreadable {
  readonly kind: 'unreadable';
  readonly name: string;
  readonly folderPath: string;
}

export type Chosen = ChosenFile | ChosenFolder | Unreadable;

/** What was chosen in a picker: of files, or of a folder. */
export function chosenFrom(files: Iterable<File>): ChosenFile[] {
  return Array.from(files, (file) => ({
    kind: 'file',
    file,
    folderPath: folderOf(file.webkitRelativePath),
    handle: null,
    root: null,
  }));
}

/** `Photos/2026` and `a.jpg` make `Photos/2026/a.jpg`. */
export function joinNames(folderPath: string, name: string): string {
  return folderPath === '' ? name : `${folderPath}/${name}`;
}

/** jsdom and old browsers have no webkitRelativePath. */
function folderOf(relativePath: string | undefined): string {
  return (relativePath ?? '').split('/').slice(0, -1).join('/');
}
