import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/**
 * The root of a drive, held open: on Linux what is mounted or unmounted meanwhile under its path is not what one
 * reads or writes here.
 */
export class HeldRoot {
  private constructor(
    private readonly handle: FileHandle,
    /** Leads to the root. */
    readonly path: string,
  ) {}

  /** @throws the system's error when there is no folder, or none that we may read */
  static async open(place: string): Promise<HeldRoot> {
    const handle = await open(place, constants.O_RDONLY | constants.O_DIRECTORY);
    return new HeldRoot(
      handle,
      process.platform === 'linux' ? `/proc/self/fd/${handle.fd}` : place,
    );
  }

  async close(): Promise<void> {
    await this.handle.close();
  }
}
