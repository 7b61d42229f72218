import path from 'node:path';

import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../platform/config/config';
import { doOverlap, isOfSystem, type RootLocation } from './drive-root';
import { findRoot, type FoundRoot, locate, type NoRoot } from './drive-root.adapter';
import { DriveKnownError, RootOverlapsError, RootRefusedError } from './drives.errors';
import type { DriveRow } from './drives.repository';
import { PatientQuestions } from './patient-questions';
import { placeOf } from './served-drive';

const PATIENCE_MS = 5000;
const GLANCE_MS = 500;

/** Which folders of the machine can become drives. */
@Injectable()
export class DriveRoots {
  private readonly finds = new PatientQuestions<FoundRoot | NoRoot>();
  private readonly locations = new PatientQuestions<RootLocation | null>();

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
    const root =
      (await this.finds.ask(wished, () => findRoot(wished), PATIENCE_MS)) ?? 'unreadable';
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
      // Of a disk that is away, or hangs, only its path is known.
      const seen = await this.locations.ask(place, () => locate(place), GLANCE_MS);
      const location = seen ?? { place, key: '', inFilesystem: null };
      if (doOverlap(location, root.location)) throw new RootOverlapsError(drive.name);
    }
    const { marker } = root;
    const known = drives.find(({ id }) => marker.kind === 'marked' && marker.id === id);
    if (known !== undefined) throw new DriveKnownError(known.name);
  }
}
