import path from 'node:path';

import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../platform/config/config';
import { doOverlap, isOfSystem } from './drive-root';
import { findRoot, type FoundRoot, locate } from './drive-root.adapter';
import { DriveKnownError, RootOverlapsError, RootRefusedError } from './drives.errors';
import type { DriveRow } from './drives.repository';
import { placeOf } from './served-drive';

/** Which folders of the machine can become drives. */
@Injectable()
export class DriveRoots {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /**
   * What lies at a path, if it can become a drive by itself.
   * @throws RootRefusedError (422) that says why it cannot
   */
  async find(wished: string): Promise<FoundRoot> {
    if (!path.isAbsolute(wished)) throw new RootRefusedError('not_absolute');
    // Before anything is looked at: some of these hang, and others answer whatever one asks for.
    if (isOfSystem(path.normalize(wished).replace(/(.)\/$/, '$1')))
      throw new RootRefusedError('forbidden');
    const root = await findRoot(wished);
    if (typeof root === 'string') throw new RootRefusedError(root);
    if (isOfSystem(root.location.place)) throw new RootRefusedError('forbidden');
    const data = await locate(this.config.dataDir);
    if (data !== null && doOverlap(data, root.location)) throw new RootRefusedError('is_data');
    return root;
  }

  /** @throws RootOverlapsError (422), DriveKnownError (409) */
  async requireFree(root: FoundRoot, drives: readonly DriveRow[]): Promise<void> {
    for (const drive of drives) {
      const place = placeOf(drive, this.config.dataDir);
      const location = (await locate(place)) ?? { place, key: '', inFilesystem: null };
      if (doOverlap(location, root.location)) throw new RootOverlapsError(drive.name);
    }
    const { marker } = root;
    const known = drives.find(({ id }) => marker.kind === 'marked' && marker.id === id);
    if (known !== undefined) throw new DriveKnownError(known.name);
  }
}
