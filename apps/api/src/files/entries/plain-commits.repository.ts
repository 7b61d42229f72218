import { Injectable } from '@nestjs/common';

import { INTO_TOTALS_CHANGES } from '../../drives';
import { isAboutData } from '../../platform/database/database-errors';
import { NamedStatements } from '../../platform/database/named-statements';
import type { NewEvent } from '../../platform/events/event-log.repository';
import { INTO_OUTBOX, outboxValues } from '../../platform/events/outbox';
import { GroupedWork } from '../../platform/grouping/grouped-work';
import { COMMITTED, finishUploads } from './entry-rows';

/** The same as `EntriesRepository.finishCommit`, with the totals and the events, of all that are about to end. */
const FINISH = {
  name: 'finish-plain-commits',
  text: `with ends as (
      select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::uuid[], $6::jsonb[], $7::text[], $8::uuid[],
        $9::text[], $10::text[]) with ordinality
        as e (end_id, type, subject, time, drive_id, data, audience, actor_id, actor_name, client_address, place)),
    upload as (${finishUploads('= any ($1)')}),
    done as (
      update file_metadata f set ${COMMITTED}
      where id = any ($1) and state = 'committing' returning id, drive_id, parent_id, filename, size),
    folders as materialized (select parent_id, entry_path(parent_id) as path from (select distinct parent_id from done) d),
    placed as (select id, concat_ws('/', nullif(path, ''), filename) as path from done join folders using (parent_id)),
    counted as (${INTO_TOTALS_CHANGES}
      select drive_id, parent_id, count(*), count(*), 0, sum(size) from done group by drive_id, parent_id),
    told as (${INTO_OUTBOX} select e.type, e.subject, e.time, e.drive_id, jsonb_set(e.data, '{file,storagePath}', to_jsonb(d.path)),
        e.audience, e.actor_id, e.actor_name, e.client_address
      from ends e join placed d on d.id = e.end_id order by e.place)
    select id, path from placed`,
};

interface PlainEnd {
  readonly id: string;
  readonly told: NewEvent;
}

/** The last step of the commit of a new file with which nothing else happens: the most frequent one. */
@Injectable()
export class PlainCommitsRepository {
  private readonly ends = new GroupedWork<PlainEnd, string | null>(
    {
      groupOf: ({ told }) => told.driveId ?? '',
      atOnce: 2,
      isOfOne: isAboutData,
    },
    (ends) => this.finishAll(ends),
  );

  constructor(private readonly statements: NamedStatements) {}

  /**
   * @param told what is told of it; where it lies is filled in
   * @returns where it lies, in its drive; null when the row is gone
   */
  async finish(id: string, told: NewEvent): Promise<string | null> {
    return this.ends.do({ id, told });
  }

  private async finishAll(ends: readonly PlainEnd[]): Promise<(string | null)[]> {
    const values = ends.map(({ id, told }) => [id, ...outboxValues(told)]);
    const columns = (values[0] ?? []).map((_, column) => values.map((row) => row[column]));
    const rows = await this.statements.read<{ id: string; path: string }>(FINISH, columns);
    const paths = new Map(rows.map(({ id, path }) => [id, path]));
    return ends.map(({ id }) => paths.get(id) ?? null);
  }
}
