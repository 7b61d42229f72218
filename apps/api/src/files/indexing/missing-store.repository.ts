import type { Client } from 'pg';

import { TakeOver, type TakenOver, type TakenPlace } from '../claims/take-over.repository';
import type { Entry } from '../entries/entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry } from '../entries/entry-rows';
import type { Place } from './index-reads.repository';

/** An entry that is new to the index, and the missing one that it is. */
export type Claim = TakenPlace;

/** An entry as the index knew it. */
export interface KnownVersion {
  readonly id: string;
  readonly version: number;
}

/** An entry that is missing. */
export interface MissingRow extends KnownVersion {
  readonly parentId: string;
  readonly filename: string;
  readonly kind: 'file' | 'folder';
  readonly missingSince: Date;
}

/** What is no longer on the disk, and what of it comes back. All of it within a transaction that has the lock of totals. */
export class MissingStore {
  private readonly places: TakeOver;

  constructor(private readonly client: Client) {
    this.places = new TakeOver(
      async <Row extends object>(statement: string, parameters: unknown[]) =>
        (await client.query<Row>(statement, parameters)).rows,
    );
  }

  /**
   * Keeps entries, and all in them, as missing; what has changed since it was known stays.
   * @returns the entries as they were, without what lay in them
   */
  async markMissing(gone: readonly KnownVersion[]): Promise<Entry[]> {
    if (gone.length === 0) return [];
    const { rows } = await this.client.query<RawEntryRow>(
      `select ${ENTRY_COLUMNS} from file_metadata f
       where state = 'live' and exists (
         select 1 from unnest($1::uuid[], $2::integer[]) as g (id, version) where g.id = f.id and g.version = f.version)
         and id = any ($1) order by id for update`,
      [gone.map(({ id }) => id), gone.map(({ version }) => version)],
    );
    // Level by level: the planner would expect a recursion to find so much that it read the whole table for it.
    let folderIds = await this.mark(
      'id',
      rows.map(({ id }) => id),
    );
    while (folderIds.length > 0) folderIds = await this.mark('parent_id', folderIds);
    return rows.map(toEntry);
  }

  /** @returns the folders among what is missing now */
  private async mark(column: 'id' | 'parent_id', ids: readonly string[]): Promise<string[]> {
    const { rows } = await this.client.query<{ id: string }>(
      `with marked as (
         update file_metadata set state = 'missing', missing_since = now()
         where ${column} = any ($1) and state = 'live' returning id, kind
       ), forgotten as (
         delete from folder_totals_changes where folder_id in (select id from marked where kind = 'folder')
       ) select id from marked where kind = 'folder'`,
      [ids],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * How many entries would go with these, but for those that have changed since they were known: they were found
   * elsewhere. As far as it is kept: nothing below is counted, for looks ask this with every folder that goes.
   */
  async countWithAllBelow(gone: readonly KnownVersion[]): Promise<number> {
    const { rows } = await this.client.query<{ count: number }>(
      `select coalesce(sum(1 + coalesce(f.file_count, 0) + coalesce(f.folder_count, 0)), 0)::float8 as count
       from unnest($1::uuid[], $2::integer[]) as g (id, version)
       join file_metadata f on f.id = g.id and f.version = g.version where f.state = 'live'`,
      [gone.map(({ id }) => id), gone.map(({ version }) => version)],
    );
    return rows[0]?.count ?? 0;
  }

  /** How many entries a drive has, without its root. */
  async countEntries(rootId: string): Promise<number> {
    const { rows } = await this.client.query<{ count: number }>(
      `select (f.file_count + f.folder_count + coalesce((
         select sum(c.file_count + c.folder_count) from folder_totals_changes c where c.drive_id = f.drive_id
           and c.folder_id not in (
             select t.id from file_metadata t where t.drive_id = f.drive_id and t.state = 'trash')
       ), 0))::float8 as count from file_metadata f where f.id = $1`,
      [rootId],
    );
    return rows[0]?.count ?? 0;
  }

  async hasMissing(driveId: string): Promise<boolean> {
    const { rows } = await this.client.query(
      `select 1 from file_metadata where drive_id = $1 and state = 'missing' limit 1`,
      [driveId],
    );
    return rows.length > 0;
  }

  async isMissing(id: string): Promise<boolean> {
    const { rows } = await this.client.query(
      `select 1 from file_metadata where id = $1 and state = 'missing'`,
      [id],
    );
    return rows.length > 0;
  }

  /** What was missed at these places. */
  async findMissingAt(places: readonly Place[]): Promise<MissingRow[]> {
    const { rows } = await this.client.query<MissingRow>(
      `select distinct on (parent_id, filename, kind) id, version, parent_id as "parentId", filename, kind,
         missing_since as "missingSince"
       from unnest($1::uuid[], $2::text[]) as p (folder, name) join file_metadata on parent_id = p.folder and filename = p.name
       where state = 'missing' order by parent_id, filename, kind, missing_since desc`,
      [places.map(({ parentId }) => parentId), places.map(({ filename }) => filename)],
    );
    return rows;
  }

  /** Files that came, and missing ones of equal size, time and name, where there is one on each side. */
  async findClaimsOf(driveId: string, newIds: readonly string[]): Promise<Claim[]> {
    return this.findClaims('n.id = any ($2)', 'true', [driveId, newIds]);
  }

  /** The same for what is missing since this transaction. @param after only what came after this id */
  async findClaimsOnJustMissing(driveId: string, after: string): Promise<Claim[]> {
    const isJustMissing = 'm.missing_since = now()::timestamptz(3)';
    return this.findClaims('n.id > $2::uuid', isJustMissing, [driveId, after]);
  }

  /** Those that came are few beside the drive, and found first: without statistics the planner would not know. */
  private async findClaims(
    isNew: string,
    isMissing: string,
    parameters: readonly [driveId: string, string | readonly string[]],
  ): Promise<Claim[]> {
    const { rows } = await this.client.query<Claim>(
      `with n as materialized (
         select id, modified_at, size, filename from file_metadata n where n.drive_id = $1 and ${isNew}
           and n.state = 'live' and n.kind = 'file' and n.nature = 'plain' and n.sha256 is null and n.tags = '{}'
       )
       select "newId", "missingId" from (
         select n.id as "newId", m.id as "missingId",
           count(*) over (partition by n.id) as of_new, count(*) over (partition by m.id) as of_missing
         from n join file_metadata m
           on m.drive_id = $1 and n.modified_at = m.modified_at and n.size = m.size and n.filename = m.filename
         where m.state = 'missing' and m.kind = 'file' and ${isMissing}
       ) p where of_new = 1 and of_missing = 1`,
      [...parameters],
    );
    return rows;
  }

  /** The missing file that has the content of a file that came, where there is one on each side; else null. */
  async findClaimByHash(newId: string): Promise<Claim | null> {
    const { rows } = await this.client.query<Claim>(
      `select n.id as "newId", m.id as "missingId"
       from file_metadata n join file_metadata m on m.sha256 = n.sha256 and m.drive_id = n.drive_id and m.size = n.size
       where n.id = $1 and n.tags = '{}' and n.size > 0 and n.version = 1 and n.state = 'live'
         and m.state = 'missing' and m.kind = 'file' and n.upload_date >= m.missing_since - interval '10 minutes'
         and not exists (
           select 1 from file_metadata o where o.sha256 = n.sha256 and o.drive_id = n.drive_id
             and o.id not in (n.id, m.id)
             and (o.state = 'missing' or (o.state = 'live' and o.upload_date >= m.missing_since - interval '10 minutes')))`,
      [newId],
    );
    return rows.length === 1 ? (rows[0] ?? null) : null;
  }

  /**
   * Makes a missing file the one that came: it takes its place, and keeps its id, its tags and its hash.
   * @returns null when either has changed meanwhile, or somebody has tagged the one that came
   */
  async takeOver({ newId, missingId }: Claim): Promise<TakenOver | null> {
    const came = await this.places.lockNew(newId);
    return came === null || came.tags.length > 0 ? null : this.places.takePlace(came, missingId);
  }

  /**
   * What lies in a folder that came back came back with it: what had gone in the same moment. It is counted anew, for
   * some of it may have come back elsewhere; and its folders are read anew, for nothing told of what was changed in them.
   * @returns the entry as it is by that
   */
  async reviveBelow(entry: Entry, missingSince: Date | null): Promise<Entry> {
    if (entry.kind === 'file' || missingSince === null) return entry;
    await this.client.query(
      `with recursive below as (
         select id from file_metadata where parent_id = $1 and state = 'missing' and missing_since = $2
         union all
         select f.id from below b join file_metadata f on f.parent_id = b.id
         where f.state = 'missing' and f.missing_since = $2
       )
       update file_metadata f set state = 'live', missing_since = null, listed_ns = null from below b where f.id = b.id`,
      [entry.id, missingSince],
    );
    const { rows } = await this.client.query<RawEntryRow>(
      `with recursive tree as (
         select id, parent_id, kind, size from file_metadata where id = $1
         union all
         select f.id, f.parent_id, f.kind, f.size from tree t join file_metadata f on f.parent_id = t.id
         where f.state in ('live', 'moving')
       ), inside as (
         select parent_id as folder, kind, size, 1 as child from tree where id <> $1
         union all
         select t.parent_id, i.kind, i.size, 0 from inside i join tree t on t.id = i.folder where t.id <> $1
       ), sums as (
         select folder, sum(child) as children, count(*) filter (where kind = 'file') as files,
           count(*) filter (where kind = 'folder') as folders, coalesce(sum(size) filter (where kind = 'file'), 0) as bytes
         from inside group by folder
       ), counted as (
         update file_metadata f set size = coalesce(s.bytes, 0), child_count = coalesce(s.children, 0),
           file_count = coalesce(s.files, 0), folder_count = coalesce(s.folders, 0)
         from tree t left join sums s on s.folder = t.id where f.id = t.id and t.kind = 'folder'
         returning f.*
       ) select ${ENTRY_COLUMNS} from counted where id = $1`,
      [entry.id],
    );
    return rows[0] === undefined ? entry : toEntry(rows[0]);
  }
}
