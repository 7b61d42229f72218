import { closeSync, fstatSync, readFileSync } from 'node:fs';

import * as z from 'zod';

import { errorCode } from '../../platform/filesystem/error-code';
import type { IndexedDrive } from './index-protocol';
import { OpenFolder } from './open-folder.adapter';
import { OWN_FOLDER } from '../../platform/filesystem/own-folder';

const MARKER = 'drive.json';
/** What is longer is none of ours. */
const MARKER_BYTES = 4096;
const NOTHING = ['ENOENT', 'ENOTDIR', 'ELOOP', 'ENXIO'];

const markerSchema = z.object({ id: z.string() });

/** Something else lies where the drive was: nothing that it lacks is gone from the drive. */
export class NotThisDriveError extends Error {
  readonly code = 'NOT_THIS_DRIVE';
}

/**
 * The root of a drive. Each time that it is opened it is made sure that it is this drive's: a disk can be exchanged
 * for another in the same place between any two looks. What is read from there on is reached through the open root.
 */
export class DriveRoot {
  /** Where we may not write a marker: which folder it was when it was known to be the right one. */
  private first: { device: bigint; inode: bigint } | null = null;

  constructor(private readonly drive: IndexedDrive) {}

  /** @throws NotThisDriveError, and the system's errors */
  open(): OpenFolder {
    const root = OpenFolder.root(this.drive.place);
    try {
      const markedId = readMarkerIn(root);
      // On a drive that is only read another server may have left its marker.
      if (markedId !== this.drive.driveId && !this.isFirst(root))
        throw new NotThisDriveError(`Another disk, or none, lies at ${this.drive.place}.`);
      return root;
    } catch (error) {
      root.close();
      throw error;
    }
  }

  /** @param names a path inside the drive. @throws as `open`, and the system's errors for a part of the path */
  openFolder(names: readonly string[]): OpenFolder {
    let folder = this.open();
    for (const name of names) {
      const above = folder;
      try {
        folder = above.child(name);
      } finally {
        above.close();
      }
    }
    return folder;
  }

  /** A drive that we write to bears our marker. */
  private isFirst({ device, inode }: OpenFolder): boolean {
    if (!this.drive.readOnly) return false;
    this.first ??= { device, inode };
    return this.first.device === device && this.first.inode === inode;
  }
}

function readMarkerIn(root: OpenFolder): string | null {
  let own: OpenFolder | null = null;
  try {
    own = root.child(OWN_FOLDER);
    const descriptor = own.openFile(MARKER);
    try {
      const stats = fstatSync(descriptor);
      if (!stats.isFile() || stats.size > MARKER_BYTES) return null;
      return markerSchema.parse(JSON.parse(readFileSync(descriptor, 'utf8'))).id;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    if (NOTHING.includes(errorCode(error))) return null;
    if (error instanceof SyntaxError || error instanceof z.ZodError) return null;
    throw error;
  } finally {
    own?.close();
  }
}
