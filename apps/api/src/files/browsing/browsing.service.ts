import { createHash } from 'node:crypto';

import type { FilePage, ListFilesQuery, TagCount, TagCountPage } from '@homeserver/dto';
import { normaliseTag } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { DriveAccess, FolderTotals } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { InvalidInputError } from '../../platform/http/domain-error';
import { EntriesService } from '../entries/entries.service';
import { toFileMetadata } from '../entries/entry';
import { FileNotFoundError } from '../files.errors';
import { Indexer } from '../indexing/indexer.service';
import {
  BrowsingRepository,
  type ListedEntry,
  type ListFilter,
  type ListScope,
  type SliceRequest,
} from './browsing.repository';
import { decodeCursor, encodeCursor } from './page-cursor';

type EntryKind = SliceRequest['entryKind'];

interface List extends Pick<SliceRequest, 'scope' | 'filter' | 'sort' | 'order'> {
  /** In the order in which they are listed. */
  readonly kinds: readonly EntryKind[];
}

/** Lists of entries, a page at a time. */
@Injectable()
export class BrowsingService {
  constructor(
    private readonly repository: BrowsingRepository,
    private readonly entries: EntriesService,
    private readonly totals: FolderTotals,
    private readonly driveAccess: DriveAccess,
    private readonly indexer: Indexer,
  ) {}

  /** @throws FileNotFoundError, DriveNotFoundError, InvalidInputError (a cursor of another list) */
  async list(actor: Actor, query: ListFilesQuery): Promise<FilePage> {
    const filter = { tags: tagsOf(query.tag), namePart: query.q ?? '' };
    const scope = await this.scopeOf(actor, query, filter);
    if (scope.kind === 'children' && query.cursor === undefined)
      await this.indexer.prepareList(scope.driveId, scope.folderId);
    const sort = query.sort ?? (scope.kind === 'everything' ? 'uploadDate' : 'name');
    const list = {
      scope,
      filter,
      sort,
      order: query.order ?? (sort === 'name' ? 'asc' : 'desc'),
      kinds: kindsOf(scope, query.kind),
    } as const;
    // So that folders are told as large as they are right after a change.
    await this.totals.settle();
    const found = await this.readPage(list, query.cursor, query.limit + 1);
    const page = found.slice(0, query.limit);
    const last = found.length > query.limit ? page.at(-1) : undefined;
    return {
      items: page.map(({ entry }) => toFileMetadata(entry)),
      nextCursor: last === undefined ? null : cursorAfter(last, list),
      ...(query.cursor === undefined ? { total: await this.count(list) } : {}),
    };
  }

  /** @throws InvalidInputError when the cursor is not one of ours */
  async listTags(actor: Actor, cursor: string | undefined, limit: number): Promise<TagCountPage> {
    const rows = await this.repository.readTagCounts(
      actor.userId,
      cursor === undefined ? null : decodeTagCursor(cursor),
      limit + 1,
    );
    const items = rows.slice(0, limit);
    const last = rows.length > limit ? items.at(-1) : undefined;
    return { items, nextCursor: last === undefined ? null : encodeTagCursor(last) };
  }

  private async readPage(
    list: List,
    cursorText: string | undefined,
    limit: number,
  ): Promise<ListedEntry[]> {
    const cursor =
      cursorText === undefined ? null : decodeCursor(cursorText, nameOf(list), list.sort);
    const found: ListedEntry[] = [];
    for (const entryKind of list.kinds) {
      const isBehind = cursor?.kind === 'file' && entryKind === 'folder';
      if (isBehind || found.length >= limit) continue;
      const after = cursor?.kind === entryKind ? cursor.values : null;
      found.push(
        ...(await this.repository.readSlice({
          ...list,
          entryKind,
          after,
          limit: limit - found.length,
        })),
      );
    }
    return found;
  }

  private async scopeOf(
    actor: Actor,
    { driveId, folderId }: ListFilesQuery,
    filter: ListFilter,
  ): Promise<ListScope> {
    if (driveId === undefined && folderId === undefined)
      return { kind: 'everything', userId: actor.userId };
    const rootFolderId =
      driveId === undefined ? null : (await this.driveAccess.get(actor, driveId)).rootFolderId;
    const folder = await this.entries.getFolder(actor, folderId ?? rootFolderId ?? '');
    if (driveId !== undefined && folder.driveId !== driveId) throw new FileNotFoundError();
    const isFiltered = filter.tags.length > 0 || filter.namePart !== '';
    if (!isFiltered) return { kind: 'children', folderId: folder.id, driveId: folder.driveId };
    return {
      kind: 'below',
      folderId: folder.id,
      driveId: folder.driveId,
      isRoot: folder.parentId === null,
    };
  }

  /** The number of entries in a folder is kept; others are counted. */
  private async count({ scope, filter, kinds }: List): Promise<number> {
    const [only, another] = kinds;
    if (only === undefined) return 0;
    if (scope.kind === 'children' && another !== undefined)
      return this.totals.countChildren(scope.folderId);
    return this.repository.count(scope, filter, another === undefined ? only : null);
  }
}

/** Folders first, then files; where no folder is asked for, files alone. */
function kindsOf(scope: ListScope, wanted: EntryKind | undefined): readonly EntryKind[] {
  const listed: readonly EntryKind[] = scope.kind === 'everything' ? ['file'] : ['folder', 'file'];
  return wanted === undefined ? listed : listed.filter((kind) => kind === wanted);
}

function tagsOf(tag: ListFilesQuery['tag']): string[] {
  const tags = tag === undefined ? [] : Array.isArray(tag) ? tag : [tag];
  return tags.map(normaliseTag).filter((text) => text !== '');
}

/** A cursor goes with the list that it was made for: its scope, its filter and its order. */
function nameOf({ scope, filter, sort, order, kinds }: List): string {
  return createHash('sha256')
    .update(JSON.stringify([scope, filter, sort, order, kinds]))
    .digest('base64url');
}

function cursorAfter({ entry, sortValues }: ListedEntry, list: List): string {
  return encodeCursor({ list: nameOf(list), kind: entry.kind, values: sortValues });
}

function encodeTagCursor({ tag, count }: TagCount): string {
  return Buffer.from(`${count} ${tag}`).toString('base64url');
}

function decodeTagCursor(cursor: string): TagCount {
  const match = /^(\d{1,15}) (\P{Cc}+)$/u.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  const [, count, tag] = match ?? [];
  if (count === undefined || tag === undefined) {
    throw new InvalidInputError([
      { pointer: '#/query/cursor', detail: 'This cursor is not one of ours.' },
    ]);
  }
  return { count: Number(count), tag };
}
