import { MAXIMUM_NAME_BYTES } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { NameTakenError } from '../files.errors';
import { EntriesRepository } from './entries.repository';
import { lowestFreeName, splitName } from './free-name';
import { shortenToBytes } from './sort-key';

/** Room for the number that a doubled name gets. */
const SUFFIX_BYTES = 12;

/** `conflict=rename`: what is made gets its name or, where that is taken, the one with the lowest free number. */
@Injectable()
export class FreeNames {
  constructor(private readonly repository: EntriesRepository) {}

  /** @param make throws NameTakenError where the name is taken, in the index or on the drive */
  async use<Result>(
    parentId: string,
    wanted: string,
    make: (filename: string) => Promise<Result>,
  ): Promise<Result> {
    // Not every name on the drive is in the index, so those that were met there count as well.
    const taken = new Set<string>();
    for (let filename = wanted; ;) {
      try {
        return await make(filename);
      } catch (error) {
        if (!(error instanceof NameTakenError)) throw error;
      }
      taken.add(filename);
      filename = await this.find(parentId, wanted, taken);
    }
  }

  private async find(
    parentId: string,
    filename: string,
    taken: ReadonlySet<string>,
  ): Promise<string> {
    const beginning = shortenToBytes(
      splitName(filename).stem,
      MAXIMUM_NAME_BYTES / 2 - SUFFIX_BYTES,
    );
    const names = new Set(await this.repository.findNamesBeginning(parentId, beginning));
    return lowestFreeName(filename, (candidate) => names.has(candidate) || taken.has(candidate));
  }
}
