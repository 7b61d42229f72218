import { type KnownFiles, type KnownFilesQuery, LEAST_KNOWN_BYTES } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Actor } from '../../platform/access/actor';
import { EntriesService } from '../entries/entries.service';
import { toFileMetadata } from '../entries/entry';
import { KnownFilesRepository } from './known-files.repository';

/** Tells what is there already, so that its bytes need not be sent. */
@Injectable()
export class KnownFilesService {
  constructor(
    private readonly repository: KnownFilesRepository,
    private readonly entries: EntriesService,
  ) {}

  /** @throws FileNotFoundError when the folder is absent, or hidden from the actor */
  async find(actor: Actor, query: KnownFilesQuery): Promise<KnownFiles> {
    return { items: (await this.findEntries(actor, query)).map(toFileMetadata) };
  }

  private async findEntries(actor: Actor, query: KnownFilesQuery) {
    if (query.folderId !== undefined) {
      const folder = await this.entries.getFolder(actor, query.folderId);
      return this.repository.findIn(folder.id, query);
    }
    return query.size < LEAST_KNOWN_BYTES ? [] : this.repository.findLarge(actor.userId, query);
  }
}
