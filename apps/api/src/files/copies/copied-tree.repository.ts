import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

import type { Entry, EntryState } from '../entries/entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry, VISIBLE } from '../entries/entry-rows';

/** Reads a tree while it is copied, a few entries at a time, in an order that changes beside it do not disturb. */
@Injectable()
export class CopiedTree {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** null when it is gone. */
  async find(id: string): Promise<Entry | null> {
    const rows: RawEntryRow[] = await this.dataSource.query(
      `select ${ENTRY_COLUMNS} from file_metadata where id = $1 and ${VISIBLE}`,
      [id],
    );
    return rows[0] === undefined ? null : toEntry(rows[0]);
  }

  /** Entries in a folder, by their ids. @param after the last one of those before; null for the first */
  async readChildren(folderId: string, after: string | null, limit: number): Promise<Entry[]> {
    const rows: RawEntryRow[] = await this.dataSource.query(
      `select ${ENTRY_COLUMNS} from (
         select * from file_metadata where parent_id = $1 and ${VISIBLE} and ($2::uuid is null or id > $2)
         order by id limit $3
       ) f order by id`,
      [folderId, after, limit],
    );
    return rows.map(toEntry);
  }

  /** The states of those of these entries that exist. */
  async findStates(ids: readonly string[]): Promise<Map<string, EntryState>> {
    const rows: { id: string; state: EntryState }[] = await this.dataSource.query(
      `select id, state from file_metadata where id = any ($1)`,
      [ids],
    );
    return new Map(rows.map(({ id, state }) => [id, state]));
  }

  /** Whether a name in a folder is taken, as far as the index knows. */
  async isTaken(folderId: string, filename: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `select 1 from file_metadata where parent_id = $1 and filename = $2 and state <> 'missing'`,
      [folderId, filename],
    );
    return rows.length > 0;
  }

  /** Whether all that lies in a folder was indexed at some time. */
  async isListed(folderId: string): Promise<boolean> {
    const rows: { isListed: boolean }[] = await this.dataSource.query(
      `select listed_ns is not null as "isListed" from file_metadata where id = $1`,
      [folderId],
    );
    return rows[0]?.isListed ?? true;
  }
}
