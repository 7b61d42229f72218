import type { DriveFolders } from './drive-folders';
import { splitPath } from './drive-path';
import type { SmallFilesThread } from './small-files-thread.adapter';
import { WholeFile } from './whole-file';

/** Fewer files of one folder are not worth a thread. */
const WORTH_A_THREAD = 4;
const FILES_AT_MOST = 16;
const ROOM_BYTES = 1024 * 1024;
const KEPT_ROOMS = 4;
/** A thread that is behind by so many rooms hangs, or has enough to do. */
const ROOMS_UNDER_WAY = 4;

interface Asked {
  readonly name: string;
  readonly resolve: (file: WholeFile | null) => void;
}

/**
 * Reads small files of a drive that many ask for at once: all that are asked for in one turn of the event loop, and lie
 * in one folder, by one way to it and one message to a thread. Opening, looking, reading and closing each by itself
 * are four ways to another thread and back, and the folders on the way twice that for each.
 */
export class GatheredSmallFiles {
  /** By folder. */
  private asked = new Map<string, { folders: readonly string[]; files: Asked[] }>();
  private readonly spareRooms: SharedArrayBuffer[] = [];
  private underWay = 0;

  constructor(
    private readonly folders: DriveFolders,
    private readonly thread: SmallFilesThread,
  ) {}

  /** Whoever is given it closes it. @returns null for what is to be opened: few are asked for, or it is no small file */
  read(path: string): Promise<WholeFile | null> {
    const { folders, name } = splitPath(path);
    return new Promise((resolve) => {
      if (this.asked.size === 0) setImmediate(() => this.readAsked());
      const key = folders.join('/');
      const group = this.asked.get(key);
      if (group === undefined) this.asked.set(key, { folders, files: [{ name, resolve }] });
      else group.files.push({ name, resolve });
    });
  }

  private readAsked(): void {
    const groups = [...this.asked.values()];
    this.asked = new Map();
    for (const { folders, files } of groups)
      for (let from = 0; from < files.length; from += FILES_AT_MOST)
        void this.readGroup(folders, files.slice(from, from + FILES_AT_MOST));
  }

  private async readGroup(folders: readonly string[], asked: readonly Asked[]): Promise<void> {
    const isWorthIt =
      (this.thread.isRunning || asked.length >= WORTH_A_THREAD) && this.underWay < ROOMS_UNDER_WAY;
    // Whatever is wrong with the folder, who opens the file is told.
    const files = isWorthIt ? await this.readTogether(folders, asked).catch(() => []) : [];
    for (const [index, { resolve }] of asked.entries()) resolve(files[index] ?? null);
  }

  private async readTogether(
    folders: readonly string[],
    asked: readonly Asked[],
  ): Promise<(WholeFile | null)[]> {
    const room = this.spareRooms.pop() ?? new SharedArrayBuffer(ROOM_BYTES);
    this.underWay += 1;
    try {
      const files = await this.folders.use(folders, (folder) =>
        this.thread.read(
          asked.map(({ name }) => ({ path: folder.at(name), gap: 0 })),
          room,
        ),
      );
      return this.handOut(room, files);
    } finally {
      this.underWay -= 1;
    }
  }

  /** The room is used again when all that lies in it is closed. */
  private handOut(
    room: SharedArrayBuffer,
    files: Awaited<ReturnType<SmallFilesThread['read']>>,
  ): (WholeFile | null)[] {
    let open = files.filter((file) => file !== null).length;
    const keep = () => {
      if (this.spareRooms.length < KEPT_ROOMS) this.spareRooms.push(room);
    };
    if (open === 0) keep();
    const release = () => {
      open -= 1;
      if (open === 0) keep();
    };
    return files.map((file) =>
      file === null
        ? null
        : new WholeFile(Buffer.from(room, file.start, file.size), file.modifiedAt, release),
    );
  }
}
