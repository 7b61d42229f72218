import { Injectable } from '@nestjs/common';

import { isAboutData } from '../../platform/database/database-errors';
import { NamedStatements } from '../../platform/database/named-statements';
import { timeOf } from '../../platform/database/time-text';
import { GroupedWork } from '../../platform/grouping/grouped-work';
import { NameTakenError } from '../files.errors';
import { LEASE, VISIBLE } from './entry-rows';
import { foldName } from './folded-name';
import type { NewEntry } from './new-entry';
import { sortKeyOf } from './sort-key';

/** All of one folder, so that no other is locked. No row: nothing can be written into it. */
const INSERT_COMMITTING = {
  name: 'insert-committing-entries',
  text: `with parent as (
      select id, drive_id from file_metadata f
      where id = $1 and kind = 'folder' and ${VISIBLE} and hold_folder(id, $2) is not null for share
    ), made as (
      insert into file_metadata (id, drive_id, parent_id, kind, filename, sort_key, folded_name, content_type, size,
        sha256, upload_date, modified_at, tags, inode, birth_ns, nature, link_target, child_count, file_count,
        folder_count, state, staged_name, lease_holder, lease_until, moves_id, version, scan, uploaded_by,
        corrupted_at)
      select e.id, parent.drive_id, parent.id, e.kind, e.filename, e.sort_key, e.folded_name, e.content_type, e.size,
        decode(e.sha256, 'hex'), e.upload_date, e.modified_at, e.tags, e.inode, e.birth_ns, e.nature, e.link_target,
        e.held_count, e.held_count, e.held_count, 'committing', e.staged_name, $4, ${LEASE}, e.moves_id,
        coalesce(e.version, 1), e.scan, e.uploaded_by, e.corrupted_at
      from parent cross join jsonb_to_recordset($3) as e (id uuid, kind text, filename text, sort_key text,
        folded_name text, content_type text, size bigint, sha256 text, upload_date timestamptz, modified_at timestamptz,
        tags text[], inode numeric, birth_ns numeric, nature text, link_target text, held_count bigint,
        staged_name text, moves_id uuid, version integer, scan text, uploaded_by uuid,
        corrupted_at timestamptz)
      on conflict (parent_id, filename) where state <> 'missing' do nothing returning id
    ) select hold_folder(id, drive_id) as "folderPath", array(select id from made) as made from parent`,
};

interface Held {
  readonly folderPath: string | null;
  readonly made: readonly string[];
}

/** An entry that is about to be committed to a drive, and who does it. */
export interface CommitIntent {
  readonly entry: NewEntry;
  readonly driveId: string;
  readonly leaseHolder: string;
}

/** Another entry of the folder bears the name. */
const TAKEN = Symbol('taken');

/** Writes the first steps of commits, those into one folder together. */
@Injectable()
export class CommitIntents {
  private readonly intents = new GroupedWork<CommitIntent, string | null | typeof TAKEN>(
    {
      groupOf: ({ entry, driveId, leaseHolder }) => `${driveId} ${entry.parentId} ${leaseHolder}`,
      atOnce: 2,
      isOfOne: isAboutData,
    },
    (intents) => this.insertAll(intents),
  );

  constructor(private readonly statements: NamedStatements) {}

  /** @returns the path of the folder, which is locked; null when nothing can be written into it. @throws NameTakenError */
  async insert(intent: CommitIntent): Promise<string | null> {
    const outcome = await this.intents.do(intent);
    if (outcome === TAKEN) throw new NameTakenError(intent.entry.filename);
    return outcome;
  }

  private async insertAll(
    intents: readonly CommitIntent[],
  ): Promise<(string | null | typeof TAKEN)[]> {
    const [first] = intents;
    if (first === undefined) return [];
    // In one order, so that two statements that want the same names do not wait for each other.
    const rows = intents.map(({ entry }) => valuesOf(entry)).sort(byName);
    const [held] = await this.statements.read<Held>(INSERT_COMMITTING, [
      first.entry.parentId,
      first.driveId,
      JSON.stringify(rows),
      first.leaseHolder,
    ]);
    if (held === undefined) return intents.map(() => null);
    const made = new Set(held.made);
    return intents.map(({ entry }) => (made.has(entry.id) ? held.folderPath : TAKEN));
  }
}

function byName(one: { readonly filename: string }, other: { readonly filename: string }): number {
  return Number(one.filename > other.filename) - Number(one.filename < other.filename);
}

/** As `INSERT_COMMITTING` takes them. Whole numbers of 64 bits are texts. */
function valuesOf(entry: NewEntry) {
  const { id, kind, filename, size, sha256, tags, nature, scan, inode, birthNs, moves } = entry;
  return {
    ...{ id, kind, filename, size, sha256, tags, nature, scan },
    sort_key: sortKeyOf(filename),
    folded_name: foldName(filename),
    content_type: entry.contentType,
    upload_date: timeOf(entry.uploadDate.getTime()),
    modified_at: timeOf(entry.modifiedAt.getTime()),
    inode: inode?.toString() ?? null,
    birth_ns: birthNs?.toString() ?? null,
    link_target: entry.linkTarget,
    held_count: kind === 'folder' ? 0 : null,
    staged_name: entry.stagedName,
    moves_id: moves?.id ?? null,
    version: moves?.version ?? null,
    uploaded_by: entry.uploadedBy,
    corrupted_at: entry.corruptedAt?.toISOString() ?? null,
  };
}
