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

const READ_CHILDREN = {
  name: 'read-archived-children',
  text: `select id, kind, filename, nature, modified_at as "modifiedAt", size::float8 as size, sort_key as "sortKey"
    from file_metadata
    where parent_id = $1 and kind = $2 and ${VISIBLE}
      and ($3::text is null or (sort_key, filename, id) > ($3::text, $4::text, $5::uuid))
    order by sort_key, filename, id limit $6`,
};

const IS_THERE = {
  name: 'is-archived-folder-there',
  text: `select id from file_metadata where id = $1 and drive_id = $2 and ${VISIBLE}`,
};

/** Reads a tree while it is packed, a page of a folder at a time. Who may see it was asked before. */
@Injectable()
export class ArchivedTree {
  constructor(
    @InjectDataSource() private readonly dataSource: DataSource,
    private readonly statements: NamedStatements,
  ) {}

  /** Files, or folders, of a folder, by name. @param after the last one of the page before; null for the first */
  async readChildren(
    folderId: string,
    kind: ArchivedEntry['kind'],
    after: ArchivedChild | null,
    limit: number,
  ): Promise<ArchivedChild[]> {
    return this.statements.read<ArchivedChild>(READ_CHILDREN, [
      folderId,
      kind,
      after?.sortKey ?? null,
      after?.filename ?? '',
      after?.id ?? null,
      limit,
    ]);
  }

  /** Whether a folder is still there on its drive for those outside, and not in the trash by itself or with one above. */
  async isThere(folderId: string, driveId: string): Promise<boolean> {
    const rows = await this.statements.read<{ id: string }>(IS_THERE, [folderId, driveId]);
    return rows.length > 0;
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
