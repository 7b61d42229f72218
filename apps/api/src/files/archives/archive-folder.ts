import {
  ContentMissingError,
  type ReadableFile,
  type ReadableFolder,
  type WantedSmallFile,
} from '../../drives';
import type { FilledRoom, SmallRooms } from './small-rooms';

/** A folder that is held open as long as files of it are being opened. One that cannot be held is asked for each file. */
export class ArchiveFolder {
  private readonly opening = new Set<Promise<unknown>>();
  private isClosing = false;

  constructor(
    private readonly held: ReadableFolder | null,
    /** How a file is found that is not where it was. */
    private readonly find: (file: { id: string; filename: string }) => Promise<ReadableFile>,
  ) {}

  /** @throws what finding it throws */
  async open(file: { id: string; filename: string }): Promise<ReadableFile> {
    // Its number may be that of another folder as soon as it is closed.
    if (this.held === null || this.isClosing) return this.find(file);
    const opened = this.held.open(file.filename);
    this.opening.add(opened);
    try {
      return await opened;
    } catch (error) {
      if (!(error instanceof ContentMissingError)) throw error;
      // It, or a folder above it, is being moved, or is gone.
      return await this.find(file);
    } finally {
      this.opening.delete(opened);
    }
  }

  /** See SmallRooms. @returns null where they cannot be read together: each is to be opened, and says why */
  async readSmall(
    files: readonly WantedSmallFile[],
    rooms: SmallRooms,
  ): Promise<FilledRoom | null> {
    const { held } = this;
    if (held === null) return null;
    const reading = rooms.read((room) => held.readSmall(files, room)).catch(() => null);
    this.opening.add(reading);
    return reading.finally(() => this.opening.delete(reading));
  }

  async close(): Promise<void> {
    this.isClosing = true;
    await Promise.allSettled(this.opening);
    await this.held?.close();
  }
}

/**
 * Closes folders one behind: a folder is closed when all that is read of it was read, and until then the next one is
 * begun. So at most two are open.
 */
export class ClosingFolders {
  private last: Promise<void> = Promise.resolve();

  /** @throws what closing the folder before threw */
  async close(folder: ArchiveFolder): Promise<void> {
    await this.last;
    this.last = folder.close();
    this.last.catch(() => undefined); // told when it is waited for
  }

  async end(): Promise<void> {
    await this.last;
  }
}
