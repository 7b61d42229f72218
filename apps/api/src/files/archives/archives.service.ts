import { Injectable } from '@nestjs/common';

import { DrivesService } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { EntriesService } from '../entries/entries.service';
import type { Entry } from '../entries/entry';
import type { ArchiveItem } from './archive-item';
import { ArchiveNames } from './archive-names';
import { ArchivedTrees } from './archived-trees.service';

/** Where what is packed lies in several folders. */
const NAME_OF_MANY = 'HomeServer';

/** An archive that is about to be sent. */
export interface Archive {
  /** With `.zip`. */
  readonly filename: string;
  readonly items: AsyncIterable<ArchiveItem>;
  /** Gives a name at the top of it that nothing else there has. */
  readonly takeName: (name: string) => string;
}

@Injectable()
export class ArchivesService {
  constructor(
    private readonly entries: EntriesService,
    private readonly drives: DrivesService,
    private readonly trees: ArchivedTrees,
  ) {}

  /**
   * What may be seen is asked once, when the archive begins.
   * @param ids entries of any drives; one that is named twice is packed once
   * @throws FileNotFoundError when one is absent or hidden, DriveOfflineError
   */
  async prepare(actor: Actor, ids: readonly string[]): Promise<Archive> {
    const entries: Entry[] = [];
    for (const id of new Set(ids)) {
      const entry = await this.entries.get(actor, id);
      await this.drives.requireSeen(await this.drives.find(entry.driveId));
      entries.push(entry);
    }
    const names = new ArchiveNames();
    return {
      filename: `${await this.nameOf(actor, entries)}.zip`,
      items: this.trees.walk(entries, names),
      takeName: (name) => names.take(name),
    };
  }

  /** That of the entry, or of the folder that all of them lie in. */
  private async nameOf(actor: Actor, entries: readonly Entry[]): Promise<string> {
    const [first, ...others] = entries;
    if (first === undefined) return NAME_OF_MANY;
    if (others.length === 0) return first.filename;
    const { parentId } = first;
    if (parentId === null || others.some((other) => other.parentId !== parentId))
      return NAME_OF_MANY;
    return (await this.entries.get(actor, parentId)).filename;
  }
}
