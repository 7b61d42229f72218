import type { FileSort, SortOrder, TagCount } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import {
  ENTRY_COLUMNS,
  entryColumns,
  type RawEntryRow,
  toEntry,
  VISIBLE,
} from '../entries/entry-rows';
import type { Entry } from '../entries/entry';
import { foldName } from '../entries/folded-name';

/** Which entries a list is about. */
export type ListScope =
  | { readonly kind: 'children'; readonly folderId: string; readonly driveId: string }
  | {
      readonly kind: 'below';
      readonly folderId: string;
      readonly driveId: string;
      readonly isRoot: boolean;
    }
  /** All that a user may see. */
  | { readonly kind: 'everything'; readonly userId: string };

export interface ListFilter {
  readonly tags: readonly string[];
  /** A part of the name; empty for any. */
  readonly namePart: string;
}

export interface SliceRequest {
  readonly scope: ListScope;
  readonly filter: ListFilter;
  readonly entryKind: 'folder' | 'file';
  readonly sort: FileSort;
  readonly order: SortOrder;
  /** What the last entry before the slice was sorted by; null for the first slice. */
  readonly after: readonly (string | number)[] | null;
  readonly limit: number;
}

/** An entry, and what it is sorted by. */
export interface ListedEntry {
  readonly entry: Entry;
  readonly sortValues: (string | number)[];
}

/** Columns and their types: the order is total, because the id ends it. */
const SORT_COLUMNS: Record<FileSort, readonly (readonly [column: string, type: string])[]> = {
  name: [
    ['sort_key', 'text'],
    ['filename', 'text'],
    ['id', 'uuid'],
  ],
  size: [
    ['size', 'bigint'],
    ['id', 'uuid'],
  ],
  uploadDate: [
    ['upload_date', 'timestamptz'],
    ['id', 'uuid'],
  ],
  modifiedAt: [
    ['modified_at', 'timestamptz'],
    ['id', 'uuid'],
  ],
};

/** Collects the values of a statement and hands out their placeholders. */
class Parameters {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

const COLUMNS_IN_FOLDER = entryColumns(
  `case folder_path when '' then filename else folder_path || '/' || filename end`,
);

/** Reads pages of entries. Each is one walk along an index, however many entries there are. */
@Injectable()
export class BrowsingRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** A slice of one kind of entries, in order. */
  async readSlice(request: SliceRequest): Promise<ListedEntry[]> {
    const parameters = new Parameters();
    const columns = SORT_COLUMNS[request.sort];
    const conditions = [
      ...scopeConditions(request.scope, request.filter, parameters),
      `kind = ${parameters.add(request.entryKind)}`,
      ...afterCondition(request, parameters),
    ];
    const direction = request.order === 'asc' ? 'asc' : 'desc';
    const walk = `select * from file_metadata where ${conditions.join(' and ')}
       order by ${columns.map(([column]) => `${column} ${direction}`).join(', ')}
       limit ${parameters.add(request.limit)}`;
    const rows: (RawEntryRow & { sortValues: (string | number)[] })[] = await this.dataSource.query(
      `select ${request.scope.kind === 'children' ? COLUMNS_IN_FOLDER : ENTRY_COLUMNS}, json_build_array(${columns.map(([column]) => column).join(', ')}) as "sortValues"
       from ${sourceOf(request.scope, walk, parameters)}
       order by ${columns.map(([column]) => `${column} ${direction}`).join(', ')}
       limit ${parameters.add(request.limit)}`,
      parameters.values,
    );
    return rows.map(({ sortValues, ...row }) => ({ entry: toEntry(row), sortValues }));
  }

  /** How many entries a list has. @param entryKind null: of both kinds */
  async count(
    scope: ListScope,
    filter: ListFilter,
    entryKind: SliceRequest['entryKind'] | null,
  ): Promise<number> {
    const parameters = new Parameters();
    const conditions = scopeConditions(scope, filter, parameters);
    if (entryKind !== null) conditions.push(`kind = ${parameters.add(entryKind)}`);
    const rows: { count: string }[] = await this.dataSource.query(
      `select count(*) as count
       from ${sourceOf(scope, `select 1 from file_metadata where ${conditions.join(' and ')}`, parameters)}`,
      parameters.values,
    );
    return Number(rows[0]?.count ?? 0);
  }

  /** The tags in use on the drives of a user, the most used first. @param after the last one of the page before */
  async readTagCounts(userId: string, after: TagCount | null, limit: number): Promise<TagCount[]> {
    const rows: { tag: string; count: string }[] = await this.dataSource.query(
      `select * from (
         select tag collate "C" as tag, count(*) as count
         from file_metadata, unnest(tags) as tag 
         where ${VISIBLE} and tags <> '{}'
           and drive_id in (select g.drive_id from drive_grants g where g.user_id = $4) group by 1
       ) t
       where $1::bigint is null or count < $1 or (count = $1 and tag > $2)
       order by count desc, tag limit $3`,
      [after?.count ?? null, after?.tag ?? null, limit, userId],
    );
    return rows.map(({ tag, count }) => ({ tag, count: Number(count) }));
  }
}

function scopeConditions(scope: ListScope, filter: ListFilter, parameters: Parameters): string[] {
  const conditions = [VISIBLE, placeCondition(scope, parameters)];
  if (filter.tags.length > 0)
    conditions.push(`tags <> '{}' and tags @> ${parameters.add(filter.tags)}::text[]`);
  if (filter.namePart !== '')
    conditions.push(`folded_name like ${parameters.add(likePattern(foldName(filter.namePart)))}`);
  return conditions;
}

function placeCondition(scope: ListScope, parameters: Parameters): string {
  switch (scope.kind) {
    case 'children':
      return `parent_id = ${parameters.add(scope.folderId)}`;
    case 'everything':
      return 'drive_id = granted_drive and parent_id is not null';
    case 'below':
      if (scope.isRoot)
        return `drive_id = ${parameters.add(scope.driveId)} and parent_id is not null`;
      return `parent_id in (
        with recursive below as (
          select ${parameters.add(scope.folderId)}::uuid as id
          union all select f.id from file_metadata f join below b on f.parent_id = b.id where f.kind = 'folder'
        ) select id from below)`;
  }
}

/**
 * The rows of a walk. Where everything is asked for that a user may see, each of their drives is walked by
 * itself: its newest files are found at once, however many others lie on drives that are hidden from them.
 */
function sourceOf(scope: ListScope, walk: string, parameters: Parameters): string {
  if (scope.kind === 'children')
    return `(${walk}) found cross join (select entry_path(${parameters.add(scope.folderId)}) as folder_path offset 0) folder`;
  if (scope.kind === 'below') return `(${walk}) found`;
  return `(select drive_id as granted_drive from drive_grants where user_id = ${parameters.add(scope.userId)}) granted
       cross join lateral (${walk}) found`;
}

/** A comparison of rows, which PostgreSQL answers by one descent of the index. */
function afterCondition({ sort, order, after }: SliceRequest, parameters: Parameters): string[] {
  if (after === null) return [];
  const columns = SORT_COLUMNS[sort];
  const names = columns.map(([column]) => column).join(', ');
  const values = columns
    .map(([, type], index) => `${parameters.add(after[index])}::${type}`)
    .join(', ');
  return [`(${names}) ${order === 'asc' ? '>' : '<'} (${values})`];
}

function likePattern(part: string): string {
  return `%${part.replace(/[\\%_]/g, '\\$&')}%`;
}
