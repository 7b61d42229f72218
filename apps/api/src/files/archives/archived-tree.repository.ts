import type { EntryNature } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import { NamedStatements } from '../../platform/database/named-statements';
import { VISIBLE } from '../entries/entry-rows';

/** What of an entry stands in an archive. */
export interface ArchivedEntry {
  readonly id: string;
  readonly kind: 'file' | 'folder';
  readonly filename: string;
  readonly nature: EntryNature;
  readonly modifiedAt: Date;
  /** In bytes, as far as it is known. */
  readonly size: number;
}

export interface ArchivedChild extends ArchivedEntry {
  readonly sortKey: string;
}

/**
 * A page of a folder, files before folders; no row when the folder is not there for those outside, and one without an
 * entry when the page is empty. The place to begin is always given: with an `or` the index would be read from the
 * folder's beginning for each page.
 */
const READ_PAGE = {
  name: 'read-archived-page',
  text: `with folder as (select id from file_metadata where id = $1 and drive_id = $2 and ${VISIBLE})
    select child.* from folder left join lateral (
      select id, kind, filename, nature, modified_at as "modifiedAt", size::float8 as size, sort_key as "sortKey"
      from file_metadata
      where parent_id = folder.id and ${VISIBLE} and (kind, sort_key, filename, id) > ($3, $4, $5, $6::uuid)
      order by kind, sort_key, filename, id limit $7) child on true
    order by child.kind, child."sortKey", child.filename, child.id`,
};

/** Before all others. */
const BEGINNING = {
  kind: '',
  sortKey: '',
  filename: '',
  id: '00000000-0000-0000-0000-000000000000',
};

type PageRow = ArchivedChild | { readonly id: null };

/** Reads a tree while it is packed, a page of a folder at a time. Who may see it was asked before. */
@Injectable()
export class ArchivedTree {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly statements: NamedStatements,
  ) {}

  /**
   * Files of a folder, and behind them its folders, by name.
   * @param after the last one of the page before; null for the first
   * @returns null when the folder is no longer there on its drive for those outside, or is in the trash by itself or
   *   with one above
   */
  async readPage(
    folder: { readonly id: string; readonly driveId: string },
    after: ArchivedChild | null,
    limit: number,
  ): Promise<ArchivedChild[] | null> {
    const { kind, sortKey, filename, id } = after ?? BEGINNING;
    const place = [kind, sortKey, filename, id];
    const values = [folder.id, folder.driveId, ...place, limit];
    const rows = await this.statements.read<PageRow>(READ_PAGE, values);
    return rows.length === 0 ? null : rows.filter((row) => row.id !== null);
  }

  /** Whether a drive was looked through at some time. */
  async isScanned(driveId: string): Promise<boolean> {
    const rows: { isScanned: boolean }[] = await this.dataSource.query(
      `select scanned_at is not null as "isScanned" from drives where id = $1`,
      [driveId],
    );
    return rows[0]?.isScanned ?? true;
  }

  /** Whether all that lies in a folder was indexed at some time; true where there is no such folder any more. */
  async isListed(folderId: string): Promise<boolean> {
    const rows: { isListed: boolean }[] = await this.dataSource.query(
      `select listed_ns is not null as "isListed" from file_metadata where id = $1`,
      [folderId],
    );
    return rows[0]?.isListed ?? true;
  }
}
