import type { ReadableFile } from './readable-file';
import type { StagedFileWriter } from './staged-file-writer';

/** What a drive knows of a file that lies on it. Sizes in bytes. */
export interface StoredFile {
  readonly size: number;
  readonly modifiedAt: Date;
  /** null where the drive has no inodes. */
  readonly inode: bigint | null;
}

/** The bytes of one upload after the last has arrived: on the disk, not yet under a name of their own. */
export interface StagedFile extends StoredFile {
  readonly stagedName: string;
  /** 32 bytes. */
  readonly sha256: Buffer;
}

/** Whether a step of a write is taken for the first time, or again because a crash may have interrupted it. */
export type Attempt = 'first' | 'again';

/** The name is taken by something else. The caller takes the next one, or gives up. */
export class PathTakenError extends Error {}

/**
 * How bytes lie on one drive. Paths are inside the drive, separated by `/`, without a leading one; each
 * part is a name that `nameFault` finds no fault with. No symbolic link is followed, in no part.
 * Every method that changes something has it on the disk when it resolves. All of them throw
 * `drives.offline` (503) when the drive is away.
 */
export interface DriveStorage {
  /** What is left for files, in bytes. */
  freeBytes(): Promise<number>;

  /**
   * Opens a new staged file for writing.
   * @throws DomainError `drives.full` (507), from here and from the writer
   */
  stage(stagedName: string): Promise<StagedFileWriter>;

  /** null when there is none of that name. */
  statStaged(stagedName: string): Promise<StoredFile | null>;

  /** Removes a staged file; one that is gone already is no error. */
  removeStaged(stagedName: string): Promise<void>;

  /** The staged files, with when each was last written to. */
  listStaged(): Promise<readonly { stagedName: string; modifiedAt: Date }[]>;

  /**
   * Gives a staged file its final name, in one step that replaces nothing. The staged name stays until
   * `removeStaged`, and doing it again is success; on a drive without links it is gone at once.
   * @param attempt 'again' after a crash: an empty file that the first attempt left to hold the name is
   * not in the way then
   * @throws PathTakenError
   * @throws DomainError `files.content_missing` (404) when nothing is staged under the name
   */
  publish(stagedName: string, path: string, attempt?: Attempt): Promise<void>;

  /** null when no regular file is there. */
  stat(path: string): Promise<StoredFile | null>;

  /** @throws DomainError `files.content_missing` (404) when no regular file is there */
  open(path: string): Promise<ReadableFile>;

  /**
   * Renames or moves a file, replacing nothing. One that a crash left under both names ends under the new one.
   * @param attempt as with `publish`
   * @throws PathTakenError
   * @throws DomainError `files.content_missing` (404) when no regular file is there
   */
  move(from: string, to: string, attempt?: Attempt): Promise<void>;

  /**
   * Removes a file for good; one that is gone already is no error.
   * @throws DomainError `files.not_a_file` (409) when a folder lies there
   */
  remove(path: string): Promise<void>;
}
