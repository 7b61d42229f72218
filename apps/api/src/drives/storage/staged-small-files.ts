import { GroupedWork } from '../../platform/grouping/grouped-work';
import { notePassedBytes } from '../../platform/memory/passing-bytes';
import type { DriveFolders } from './drive-folders';
import { checkedName, splitPath } from './drive-path';
import type { FileAttributes } from './drive-storage';
import type { HeldFolder } from './held-folder';
import type { NewEntries } from './new-entries';
import { STAGING } from './own-folder';
import type { NameOutcome, Refusal, WriteOutcome } from './small-files';
import type { SmallFilesThread } from './small-files-thread.adapter';
import type { WrittenFile } from './staged-file-writer';
import { writeSmallFile } from './staged-small-file';

/** Fewer are not worth a thread. */
const WORTH_A_THREAD = 3;
/** While the disk is waited for with one group, the next is written. */
const GROUPS_AT_ONCE = 2;
/** For the others of a group, which stay together from there to their names. A disk takes as long for a sync. */
const WAIT_MS = 2;
/** What most groups have room in. */
const ROOM_BYTES = 1024 * 1024;

interface NewSmallFile {
  readonly stagedName: string;
  readonly bytes: Buffer;
}

interface Naming {
  readonly stagedName: string;
  readonly target: string;
}

/**
 * Stages small files that many send at the same time, and gives them their names: all of a group by one message to a
 * thread, and the names of a folder by one sync. By itself each is eleven ways to another thread and back.
 */
export class StagedSmallFiles {
  private readonly writes = new GroupedWork<NewSmallFile, WrittenFile | Error | null>(
    { groupOf: () => '', atOnce: GROUPS_AT_ONCE, waitMs: WAIT_MS },
    (files) => this.writeAll(files),
  );
  private readonly namings = new GroupedWork<Naming, NameOutcome>(
    { groupOf: ({ target }) => splitPath(target).folders.join('/'), atOnce: GROUPS_AT_ONCE },
    (files) => this.nameAll(files),
  );

  private readonly spareRooms: SharedArrayBuffer[] = [];

  /** @param made gives files what those of the drive have */
  constructor(
    private readonly folders: DriveFolders,
    private readonly thread: SmallFilesThread,
    private readonly made: NewEntries,
  ) {}

  /**
   * Stages a file; its bytes are on the disk then.
   * @throws the system's error; something may be there then
   */
  async stage(
    stagedName: string,
    bytes: Buffer,
    attributes: Partial<FileAttributes>,
  ): Promise<WrittenFile> {
    const name = checkedName(stagedName);
    // What is to be given something takes steps that a filesystem may refuse.
    const isPlain = !this.made.hasFileAttributes && Object.keys(attributes).length === 0;
    const outcome = isPlain ? await this.writes.do({ stagedName: name, bytes }) : null;
    if (outcome instanceof Error) throw outcome;
    if (outcome !== null) return outcome;
    return this.inStaging((folder) =>
      writeSmallFile({ folder, name }, bytes, (file) => this.made.giveFile(file, attributes)),
    );
  }

  /**
   * Gives a staged file its final name, as far as that is simple.
   * @returns whether it has it, on the disk, and no other; where not, it is to be tried by itself
   * @throws the system's error when the name may not be on the disk
   */
  async publish(stagedName: string, target: string): Promise<boolean> {
    const outcome = await this.namings.do({ stagedName: checkedName(stagedName), target });
    if (typeof outcome !== 'boolean') throw errorOf(outcome.refusal);
    return outcome;
  }

  private isWorthIt(count: number): boolean {
    return this.thread.isRunning || count >= WORTH_A_THREAD;
  }

  private async writeAll(
    files: readonly NewSmallFile[],
  ): Promise<readonly (WrittenFile | Error | null)[]> {
    if (!this.isWorthIt(files.length)) return files.map(() => null);
    const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const room = this.takeRoom(size);
    const outcomes = await this.inStaging((staging) => {
      const buffer = Buffer.from(room);
      let end = 0;
      const places = files.map(({ stagedName, bytes }) => {
        const start = end;
        end += bytes.copy(buffer, start);
        return { path: staging.at(stagedName), start, size: bytes.length };
      });
      return this.thread.write(places, room);
    });
    if (room.byteLength === ROOM_BYTES) this.spareRooms.push(room);
    notePassedBytes(size);
    return outcomes.map(written);
  }

  /** Those that are kept are as many as there are groups at once. */
  private takeRoom(size: number): SharedArrayBuffer {
    const spare = size > ROOM_BYTES ? undefined : this.spareRooms.pop();
    return spare ?? new SharedArrayBuffer(Math.max(size, ROOM_BYTES));
  }

  private async nameAll(files: readonly Naming[]): Promise<readonly NameOutcome[]> {
    const [first] = files;
    if (first === undefined || !this.isWorthIt(files.length)) return files.map(() => false);
    const { folders } = splitPath(first.target);
    return this.inStaging((staging) =>
      this.folders.use(folders, (folder) => {
        const names = files.map(({ stagedName, target }) => ({
          from: staging.at(stagedName),
          to: folder.at(splitPath(target).name),
        }));
        return this.thread.name(names, folder.itself);
      }),
    );
  }

  /** While it is held open nobody can unmount the disk. */
  private inStaging<Result>(work: (staging: HeldFolder) => Promise<Result>): Promise<Result> {
    return this.folders.use(STAGING, work);
  }
}

function written(outcome: WriteOutcome): WrittenFile | Error {
  if ('refusal' in outcome) return errorOf(outcome.refusal);
  return { sha256: Buffer.from(outcome.sha256), file: outcome.file };
}

function errorOf({ code, message }: Refusal): Error {
  return Object.assign(new Error(message), { code });
}
