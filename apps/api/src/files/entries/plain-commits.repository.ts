import { Injectable } from '@nestjs/common';

import { INTO_TOTALS_CHANGES } from '../../drives';
import { NamedStatements } from '../../platform/database/named-statements';
import type { NewEvent } from '../../platform/events/event-log.repository';
import { INTO_OUTBOX, outboxValues } from '../../platform/events/outbox';
import { FINISH_UPLOAD } from './entry-rows';

/** The same as `EntriesRepository.finishCommit`, with the totals and the event: one way to the database for all. */
const FINISH = {
  name: 'finish-plain-commit',
  text: `with upload as (${FINISH_UPLOAD}),
    done as (
      update file_metadata set state = 'live', staged_name = null, lease_holder = null, lease_until = null
      where id = $1 and state = 'committing' returning drive_id, parent_id, size, entry_path(id) as path),
    counted as (${INTO_TOTALS_CHANGES} select drive_id, parent_id, 1, 1, 0, size from done),
    told as (${INTO_OUTBOX} select $2, $3, $4::timestamptz, $5::uuid,
      jsonb_set($6::jsonb, '{file,storagePath}', to_jsonb(path)), $7, $8::uuid, $9, $10 from done)
    select path from done`,
};

/** The last step of the commit of a new file with which nothing else happens: the most frequent one. */
@Injectable()
export class PlainCommitsRepository {
  constructor(private readonly statements: NamedStatements) {}

  /**
   * @param told what is told of it; where it lies is filled in
   * @returns where it lies, in its drive; null when the row is gone
   */
  async finish(id: string, told: NewEvent): Promise<string | null> {
    const rows = await this.statements.read<{ path: string }>(FINISH, [id, ...outboxValues(told)]);
    return rows[0]?.path ?? null;
  }
}
