import type { GrantedAccess } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { NamedStatements } from '../../platform/database/named-statements';
import type { Entry } from './entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry, VISIBLE } from './entry-rows';

/** One statement for both, so that nothing tells what is absent from what is hidden. */
const FIND_VISIBLE = {
  name: 'find-visible-entry',
  text: `select ${ENTRY_COLUMNS}, access from file_metadata join (
      select drive_id as granted_drive_id, access from drive_grants where user_id = $1
    ) g on granted_drive_id = drive_id where id = $2 and ${VISIBLE}`,
};

/** An entry, and what the caller may do on its drive. */
export interface VisibleEntry {
  readonly entry: Entry;
  readonly access: GrantedAccess;
}

/** Finds what a user may see: the question that stands before all that is done with one entry. */
@Injectable()
export class VisibleEntries {
  constructor(private readonly statements: NamedStatements) {}

  /** An entry that exists for those outside. null when there is none, or when it is hidden from the user. */
  async find(userId: string, id: string): Promise<VisibleEntry | null> {
    const rows = await this.statements.read<RawEntryRow & Pick<VisibleEntry, 'access'>>(
      FIND_VISIBLE,
      [userId, id],
    );
    const row = rows[0];
    return row === undefined ? null : { entry: toEntry(row), access: row.access };
  }
}
