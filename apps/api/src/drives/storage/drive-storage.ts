import type { ReadableBytes, ReadableFile } from './readable-file';
import type { SmallFile, WantedSmallFile } from './small-files';
import type { StagedFileWriter, WrittenFile } from './staged-file-writer';
import type { PartStart, StagedPartWriter } from './staged-part-writer';

/** A file of at most so many bytes is staged, and read, in one go. */
export const SMALL_FILE_BYTES = 64 * 1024;
/** So much of the beginning of a file tells its type. */
export const BEGINNING_BYTES = 4100;

/** What a drive knows of a file that lies on it. Sizes in bytes. */
export interface StoredFile {
  readonly size: number;
  readonly modifiedAt: Date;
  /** null where the drive has no inodes. */
  readonly inode: bigint | null;
  /** When it was made, in nanoseconds since 1970; null where the drive does not know. */
  readonly birthNs: bigint | null;
}

/** Whatever lies under a name. */
export interface StoredEntry extends StoredFile {
  /** other: a socket, a pipe, a device. */
  readonly kind: 'file' | 'folder' | 'link' | 'other';
}

/** What a file is given before it gets its name. */
export interface FileAttributes {
  /** The bits for reading, writing and executing. Where the drive has no modes it has none. */
  readonly mode: number;
  readonly modifiedAt: Date;
}

/** The bytes of one upload after the last has arrived: on the disk, not yet under a name of their own. */
export interface StagedFile extends StoredFile {
  readonly stagedName: string;
  /** 32 bytes. */
  readonly sha256: Buffer;
}

/** A folder that is held open: its files are opened without walking their path again. */
export interface ReadableFolder {
  /** @throws DomainError `files.content_missing` (404) when no regular file of that name is there */
  open(name: string): Promise<ReadableFile>;
  /**
   * Reads files that are small into a room, one behind the other, in a thread of its own.
   * @returns one for each of them; null for what is to be opened: it does not fit in, or is not there, or no file
   */
  readSmall(
    files: readonly WantedSmallFile[],
    room: SharedArrayBuffer,
  ): Promise<readonly (SmallFile | null)[]>;
  close(): Promise<void>;
}

/** In bytes. */
export interface DriveSpace {
  readonly freeBytes: number;
  readonly totalBytes: number;
}

/**
 * Whether a step of a write is taken for the first time, or again because a crash may have interrupted it. Of those that
 * are taken again there are many in few folders, which they hold open together.
 */
export type Attempt = 'first' | 'again';

/** The name is taken by something else. The caller takes the next one, or gives up. */
export class PathTakenError extends Error {}

/**
 * How bytes lie on one drive. Paths are inside the drive, separated by `/`, without a leading one; each
 * part is a name that `nameFault` finds no fault with. No symbolic link is followed, in no part.
 * Every method that changes something has it on the disk when it resolves, but for the name of what `stage` and
 * `stageSmall` make. All of them throw `drives.offline` (503) when the drive is away.
 */
export interface DriveStorage {
  /** What its filesystem has, and has left for files. */
  space(): Promise<DriveSpace>;

  /**
   * Opens a new staged file for writing.
   * @param attributes of a copy, which keeps those of the original; what is absent is that of a new file
   * @throws DomainError `drives.full` (507), from here and from the writer
   */
  stage(stagedName: string, attributes?: Partial<FileAttributes>): Promise<StagedFileWriter>;

  /**
   * Stages a new file of which all bytes have come, and are few.
   * @param bytes at most `SMALL_FILE_BYTES`
   * @throws DomainError `drives.full` (507); something may be staged then
   */
  stageSmall(
    stagedName: string,
    bytes: Buffer,
    attributes?: Partial<FileAttributes>,
  ): Promise<WrittenFile>;

  /**
   * Opens a staged file to go on with it at `start.position`, beyond which nothing counts: it is cut off. At 0 it is
   * made where there is none.
   * @throws DomainError `files.content_missing` (404) when less than that is there, `drives.full` (507)
   */
  stagePart(stagedName: string, start: PartStart): Promise<StagedPartWriter>;

  /** Opens a staged file for reading. @throws DomainError `files.content_missing` (404) */
  openStaged(stagedName: string): Promise<ReadableFile>;

  /**
   * A file that was staged in parts is whole: it is given what else it is to have.
   * @throws DomainError `files.content_missing` (404)
   */
  sealStaged(stagedName: string, attributes: Partial<FileAttributes>): Promise<StoredFile>;

  /**
   * Stages a copy that shares its blocks with the original: no bytes are read.
   * @returns null where the filesystem cannot, or the original lies on another one: nothing is staged then
   */
  stageClone(
    stagedName: string,
    original: ReadableFile,
    attributes: FileAttributes,
  ): Promise<StoredFile | null>;

  /** null when there is none of that name. */
  statStaged(stagedName: string): Promise<StoredFile | null>;

  /** Removes a staged file; one that is gone already is no error. */
  removeStaged(stagedName: string): Promise<void>;

  /** The staged files, with when each was last touched, whatever time of change it was given. */
  listStaged(): Promise<readonly { stagedName: string; changedAt: Date }[]>;

  /**
   * Gives a staged file its final name, in one step that replaces nothing. The staged name stays until
   * `removeStaged`, and doing it again is success; on a drive without links it is gone at once.
   * @param attempt 'again' after a crash: an empty file that the first attempt left to hold the name is
   * not in the way then
   * @throws PathTakenError
   * @throws DomainError `files.content_missing` (404) when nothing is staged under the name
   */
  publish(stagedName: string, path: string, attempt?: Attempt): Promise<void>;

  /**
   * The same for the first time, together with others that are published at the same time; then the staged name is
   * removed. One that cannot be removed stays, and is none the worse.
   * @throws as `publish`
   */
  publishAndUnstage(stagedName: string, path: string): Promise<void>;

  /**
   * Gives a staged file the name of another one, whose bytes are kept under `keptPath`. Whoever opens the name meanwhile
   * gets either of the two whole; on a drive without links, for an instant, nothing. A staged name that stays is
   * removed by `removeStaged`.
   * @param keptPath in a folder that is made for it where it is missing; it lies on the filesystem of the staged file
   * @param attempt 'again' after a crash: what the first attempt has kept is not kept once more, and a step that was
   * taken already is success
   * @returns what is kept; null where nothing bore the name
   * @throws PathTakenError when something else than a regular file bears the name, or comes to bear it meanwhile
   * @throws DomainError `files.content_missing` (404) when nothing is staged under the name,
   * `drives.other_filesystem` (409)
   */
  replace(
    stagedName: string,
    path: string,
    keptPath: string,
    attempt?: Attempt,
  ): Promise<StoredFile | null>;

  /** null when no regular file is there. */
  stat(path: string): Promise<StoredFile | null>;

  /** What lies at a path, whatever it is; null when nothing does. */
  look(path: string, attempt?: Attempt): Promise<StoredEntry | null>;

  /** @throws DomainError `files.content_missing` (404) when no regular file is there */
  open(path: string): Promise<ReadableFile>;

  /**
   * Reads a small file whole, together with others that are asked for at the same time. Whoever is given it closes it.
   * @returns null for what is to be opened: too few are asked for, it is not small, or no regular file is there
   */
  readSmall(path: string): Promise<ReadableBytes | null>;

  /**
   * For reading many files of one folder. Whoever holds it closes it.
   * @param path empty for the root
   * @throws DomainError `files.content_missing` (404) when no folder is there
   */
  holdFolder(path: string): Promise<ReadableFolder>;

  /**
   * Renames or moves a file or a link, replacing nothing. One that a crash left under both names ends under the
   * new one.
   * @param attempt as with `publish`
   * @throws PathTakenError
   * @throws DomainError `files.content_missing` (404) when neither a regular file nor a link is there,
   * `drives.other_filesystem` (409)
   */
  move(from: string, to: string, attempt?: Attempt): Promise<void>;

  /**
   * Removes a file or a link for good; one that is gone already is no error.
   * @throws DomainError `files.not_a_file` (409) when a folder lies there
   */
  remove(path: string, attempt?: Attempt): Promise<void>;

  /**
   * Makes a symbolic link, which nobody of us ever follows.
   * @throws PathTakenError
   * @throws DomainError `drives.no_links` (409) where the filesystem has none
   */
  makeLink(path: string, target: string): Promise<StoredEntry>;

  /**
   * Makes an empty folder.
   * @param attempt 'again' after a crash: a folder that is there already is success then
   * @throws PathTakenError
   */
  makeFolder(path: string, attempt?: Attempt): Promise<StoredEntry>;

  /**
   * Renames or moves a folder with all that is in it, in one step that replaces nothing. For that an empty folder
   * holds the new name for an instant.
   * @param attempt 'again' after a crash: the empty folder that the first attempt left is not in the way then
   * @throws PathTakenError
   * @throws DomainError `files.content_missing` (404) when no folder is there, `files.is_mount` (409) when another
   * filesystem is mounted on it or below, `drives.other_filesystem` (409) when it is to go to one
   */
  moveFolder(from: string, to: string, attempt?: Attempt): Promise<void>;

  /** Removes a folder with nothing in it; one that is gone already is no error. @returns false when it is not empty */
  removeEmptyFolder(path: string): Promise<boolean>;

  /**
   * Takes a folder, with all that is in it, out of the tree in one step; one that is gone already is no error.
   * @throws DomainError `files.is_mount`, `drives.other_filesystem` (409) as `moveFolder`
   */
  discardFolder(path: string, discardedName: string): Promise<void>;

  /** The names of folders that were discarded, and whose bytes are not removed yet. */
  listDiscarded(): Promise<string[]>;

  /**
   * Removes the bytes of a discarded folder, never those of another filesystem that is mounted in it.
   * @param onRemoved called with how many entries are gone, now and then
   * @throws the reason of the signal when it is aborted; what is left then is removed by another call
   */
  removeDiscarded(
    discardedName: string,
    signal: AbortSignal,
    onRemoved: (count: number) => void,
  ): Promise<void>;
}
