/** So many changed names in one folder, and it is read as a whole. */
const NAMES_AT_MOST = 300;

/** A folder in which something has changed. @param names null: it is to be read as a whole */
export interface DirtyFolder {
  readonly folderId: string;
  readonly names: string[] | null;
}

/** Where something has changed, until it is looked at. */
export class DirtyFolders {
  private readonly folders = new Map<string, Set<string> | null>();

  get isEmpty(): boolean {
    return this.folders.size === 0;
  }

  /** @param name null where it is not known which */
  add(folderId: string, name: string | null): void {
    const names = this.folders.get(folderId);
    if (names === null) return;
    if (name === null) {
      this.folders.set(folderId, null);
      return;
    }
    if (names === undefined) {
      this.folders.set(folderId, new Set([name]));
    } else {
      names.add(name);
      if (names.size > NAMES_AT_MOST) this.folders.set(folderId, null);
    }
  }

  /** Takes all that is there. */
  take(): DirtyFolder[] {
    const taken = [...this.folders].map(([folderId, names]) => ({
      folderId,
      names: names === null ? null : [...names],
    }));
    this.folders.clear();
    return taken;
  }
}
