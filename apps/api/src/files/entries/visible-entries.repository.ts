import type { GrantedAccess } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { GatheredReads, type Keyed } from '../../platform/database/gathered-reads';
import { anyOf, NamedStatements } from '../../platform/database/named-statements';
import type { Entry } from './entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry, VISIBLE } from './entry-rows';

/** One statement for both, so that nothing tells what is absent from what is hidden. */
const FIND_VISIBLE = {
  name: 'find-visible-entries',
  text: `select ${ENTRY_COLUMNS}, access, $1::text || ' ' || id as key from file_metadata join (
      select drive_id as granted_drive_id, access from drive_grants where user_id = $1::text::uuid
    ) g on granted_drive_id = drive_id where id = ${anyOf('$2::uuid[]')} and ${VISIBLE}`,
};

/** An entry, and what the caller may do on its drive. */
export interface VisibleEntry {
  readonly entry: Entry;
  readonly access: GrantedAccess;
}

type VisibleRow = RawEntryRow & Pick<VisibleEntry, 'access'> & Keyed;

/** Finds what a user may see: the question that stands before all that is done with one entry. */
@Injectable()
export class VisibleEntries {
  private readonly visible = new GatheredReads<VisibleRow>((keys) => this.readAll(keys));

  constructor(private readonly statements: NamedStatements) {}

  /** An entry that exists for those outside. null when there is none, or when it is hidden from the user. */
  async find(userId: string, id: string): Promise<VisibleEntry | null> {
    const row = await this.visible.find(`${userId} ${id.toLowerCase()}`);
    return row === null ? null : { entry: toEntry(row), access: row.access };
  }

  /** What each user asks for, apart from what others do. */
  private async readAll(keys: readonly string[]): Promise<VisibleRow[]> {
    const pairs = keys.map((key) => key.split(' '));
    const byUser = Map.groupBy(pairs, ([userId]) => userId);
    const rows = await Promise.all(
      [...byUser].map(([userId, asked]) =>
        this.statements.read<VisibleRow>(FIND_VISIBLE, [userId, asked.map(([, id]) => id)]),
      ),
    );
    return rows.flat();
  }
}
