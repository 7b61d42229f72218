import type { HeldFolder } from './held-folder';

/** However busy a folder is, it is looked up anew so often: the disk below it may have been changed. */
const SHARED_FOR_MS = 200;

interface Shared {
  readonly folder: Promise<HeldFolder>;
  readonly until: number;
  users: number;
}

/**
 * Holds folders of a drive open, each once for all who work in it at the same time: many writes at once
 * go through the same two folders, each of them in six steps. When nobody works there it is closed.
 */
export class SharedFolders {
  private readonly shared = new Map<string, Shared>();

  constructor(private readonly open: (names: readonly string[]) => Promise<HeldFolder>) {}

  /** Runs `work` with the folder held open. @throws what opening it and `work` throw */
  async use<Result>(
    names: readonly string[],
    work: (folder: HeldFolder) => Promise<Result>,
  ): Promise<Result> {
    const key = names.join('/');
    const entry = this.take(key, names);
    try {
      return await work(await entry.folder);
    } catch (error) {
      // The folder may be what is wrong: the next one looks it up anew.
      this.forget(key, entry);
      throw error;
    } finally {
      entry.users -= 1;
      if (entry.users === 0) {
        this.forget(key, entry);
        await close(entry);
      }
    }
  }

  private take(key: string, names: readonly string[]): Shared {
    const present = this.shared.get(key);
    if (present !== undefined && performance.now() < present.until) {
      present.users += 1;
      return present;
    }
    const entry = { folder: this.open(names), until: performance.now() + SHARED_FOR_MS, users: 1 };
    this.shared.set(key, entry);
    return entry;
  }

  private forget(key: string, entry: Shared): void {
    if (this.shared.get(key) === entry) this.shared.delete(key);
  }
}

async function close({ folder }: Shared): Promise<void> {
  let opened: HeldFolder;
  try {
    opened = await folder;
  } catch {
    return; // never opened: those who wanted it were told
  }
  await opened.close();
}
