import { ContentMissingError, type ReadableFile, type ReadableFolder } from '../../drives';

/** A folder that is held open as long as files of it are being opened. One that cannot be held is asked for each file. */
export class ArchiveFolder {
  private readonly opening = new Set<Promise<ReadableFile>>();

  constructor(
    private readonly held: ReadableFolder | null,
    /** How a file is found that is not where it was. */
    private readonly find: (file: { id: string; filename: string }) => Promise<ReadableFile>,
  ) {}

  /** @throws what finding it throws */
  async open(file: { id: string; filename: string }): Promise<ReadableFile> {
    if (this.held === null) return this.find(file);
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

  async close(): Promise<void> {
    await Promise.allSettled(this.opening);
    await this.held?.close();
  }
}
