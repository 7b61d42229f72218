import { type ClaimList, type FileMetadata, MAXIMUM_TAGS } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import type { Actor } from '../../platform/access/actor';
import { EventTransactions } from '../../platform/events/event-transactions';
import { EntriesRepository } from '../entries/entries.repository';
import { EntriesService } from '../entries/entries.service';
import { type Entry, toFileMetadata } from '../entries/entry';
import { EntryRecords } from '../entries/entry-records.service';
import {
  FileBusyError,
  FileNotFoundError,
  MissingNotFoundError,
  NoFileToClaimError,
  NotMissingError,
  StaleVersionError,
  TooManyTagsError,
} from '../files.errors';
import { ClaimsRepository, type MissingEntry } from './claims.repository';

/**
 * Lets a person say which missing file a file is that came, where the index cannot know. Only what is known of the two
 * changes, nothing on the disk.
 */
@Injectable()
export class ClaimsService {
  constructor(
    private readonly entries: EntriesService,
    private readonly states: EntriesRepository,
    private readonly repository: ClaimsRepository,
    private readonly records: EntryRecords,
    private readonly transactions: EventTransactions,
  ) {}

  /** @throws FileNotFoundError, AccessDeniedError when the actor may only read there, NoFileToClaimError */
  async list(actor: Actor, id: string): Promise<ClaimList> {
    const file = await this.getFile(actor, id);
    return { items: await this.repository.findClaims(file.id) };
  }

  /**
   * Makes a missing file the one that came: it is live in its place, with the tags of both.
   * @param ifMatch the versions of the file that came which the caller has seen; null where it does not care
   * @throws as `list`; StaleVersionError, FileBusyError; MissingNotFoundError, NotMissingError, TooManyTagsError
   */
  async claim(
    actor: Actor,
    id: string,
    missingId: string,
    ifMatch: readonly number[] | null,
  ): Promise<FileMetadata> {
    const { driveId } = await this.getFile(actor, id);
    return this.transactions.run(async (transaction) => {
      const { manager } = transaction;
      await this.records.lockTotals(driveId, manager);
      const came = await this.repository.lockNew(id, manager);
      if (came?.driveId !== driveId) throw await this.reasonOfAbsence(id, manager);
      if (ifMatch !== null && !ifMatch.includes(came.version)) throw new StaleVersionError();
      const missing = await this.repository.lockMissing(missingId, driveId, manager);
      requireClaimable(missing, came);
      const { restored, removed } = await this.repository.takePlace(came, missingId, manager);
      await this.records.tell(transaction, actor, { what: 'deleted', entry: removed });
      await this.records.tell(transaction, actor, { what: 'restored', entry: restored });
      return toFileMetadata(restored);
    });
  }

  private async getFile(actor: Actor, id: string): Promise<Entry> {
    const entry = await this.entries.getWritable(actor, id);
    if (entry.kind !== 'file') throw new NoFileToClaimError();
    return entry;
  }

  private async reasonOfAbsence(id: string, manager: EntityManager): Promise<Error> {
    const found = await this.states.findState(id, manager);
    return found === null || found.state === 'deleting' || found.state === 'missing'
      ? new FileNotFoundError()
      : new FileBusyError();
  }
}

function requireClaimable(missing: MissingEntry | null, { tags }: Entry): void {
  if (missing === null || missing.state === 'deleting') throw new MissingNotFoundError();
  if (missing.kind !== 'file') throw new NoFileToClaimError();
  if (missing.state !== 'missing') throw new NotMissingError(missing.filename);
  if (new Set([...missing.tags, ...tags]).size > MAXIMUM_TAGS) throw new TooManyTagsError();
}
