import { stat } from 'node:fs/promises';
import path from 'node:path';

import type { DriveState } from '@homeserver/dto';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import { LOGGER } from '../platform/logging/logging.module';
import { compareIdentities, type DriveIdentity, isCertainlySame } from './drive-identity';
import { readIdentity } from './drive-identity.adapter';
import { type MarkerState, readMarkerOf, writeMarkerOf } from './drive-marker.adapter';
import { HeldRoot } from './storage/held-root';
import { makeOwnFolders } from './storage/own-folder';
import { OWN_FOLDER } from '../platform/filesystem/own-folder';

/** What has to be known of a drive to tell whether it is there. */
export interface SoughtDrive {
  readonly id: string;
  readonly name: string;
  readonly place: string;
  readonly readOnly: boolean;
  readonly identity: DriveIdentity | null;
}

/** What a look at a drive shows. */
export interface Sight {
  readonly state: DriveState;
  /** What lies there; null where nothing does, and where it was not looked at anew. */
  readonly identity: DriveIdentity | null;
}

const AWAY: Sight = { state: 'offline', identity: null };

/** Looks whether drives are there. A look at a disk that hangs hangs, too: nobody waits for it for long. */
@Injectable()
export class DriveLooks {
  /** Of drives that were there at the last look: what tells that nothing has changed since. */
  private readonly signs = new Map<string, string>();

  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  /** Also gets a drive ready to be written to, which nobody has written to yet. */
  async look(drive: SoughtDrive): Promise<Sight> {
    const before = drive.readOnly ? null : await readSigns(drive.place);
    if (before !== null && this.signs.get(drive.id) === before)
      return { state: 'online', identity: null };
    this.signs.delete(drive.id);
    const sight = await this.lookClosely(drive);
    const after = drive.readOnly || sight.state !== 'online' ? null : await readSigns(drive.place);
    // Not of a drive that was changed while it was looked at: then nothing says which of the two was seen.
    if (after !== null && after === before) this.signs.set(drive.id, after);
    return sight;
  }

  private async lookClosely(drive: SoughtDrive): Promise<Sight> {
    let root: HeldRoot;
    try {
      root = await HeldRoot.open(drive.place);
    } catch {
      return AWAY; // whatever the reason, there is no folder that we could use
    }
    try {
      const identity = await readIdentity(drive.place, root.path);
      const marker = await readMarkerOf(root);
      const state = stateOf(drive, identity, marker);
      if (state === 'online' && !drive.readOnly) await this.getReady(drive, root, marker);
      return { state, identity };
    } catch (error) {
      this.logger.debug({ err: error, drive: drive.id }, 'A drive failed while it was looked at.');
      return AWAY;
    } finally {
      await root.close();
    }
  }

  private async getReady(drive: SoughtDrive, root: HeldRoot, marker: MarkerState): Promise<void> {
    try {
      if (marker.kind === 'marked') return await makeOwnFolders(root.path);
      await writeMarkerOf(root, drive.id);
      this.logger.warn(
        { drive: drive.id },
        `The drive “${drive.name}” had lost its folder ${OWN_FOLDER}, which says that it is this drive: it was made again.`,
      );
    } catch (error) {
      // It is full, or was mounted to be read only: it is there all the same.
      this.logger.debug({ err: error, drive: drive.id }, 'A drive cannot be written to.');
    }
  }
}

function stateOf(drive: SoughtDrive, found: DriveIdentity, marker: MarkerState): DriveState {
  if (marker.kind === 'marked' && marker.id === drive.id) return 'online';
  // On a drive that is not written to the marker may be that of another server, which writes there.
  if (marker.kind === 'marked' && !drive.readOnly) return 'replaced';
  if (drive.identity === null || (marker.kind === 'absent' && !drive.readOnly)) return 'offline';
  const comparison = compareIdentities(drive.identity, found);
  if (comparison === 'unmounted') return 'offline';
  // A marker on another disk would have all that this drive holds taken as gone.
  const isOurs = drive.readOnly ? comparison === 'same' : isCertainlySame(drive.identity, found);
  return isOurs ? 'online' : 'replaced';
}

/** Three questions to the system, which it answers from memory. null: something is missing. */
async function readSigns(place: string): Promise<string | null> {
  const own = path.join(place, OWN_FOLDER);
  try {
    const [root, marker, staging] = await Promise.all(
      [place, path.join(own, 'drive.json'), path.join(own, 'staging')].map((file) =>
        stat(file, { bigint: true }),
      ),
    );
    if (root === undefined || marker === undefined || staging === undefined) return null;
    return [root.dev, root.ino, marker.dev, marker.ino, marker.mtimeNs, marker.size].join(' ');
  } catch {
    return null; // a closer look tells why
  }
}
