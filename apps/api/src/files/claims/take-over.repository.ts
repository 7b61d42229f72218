import type { Entry } from '../entries/entry';
import { ENTRY_COLUMNS, type RawEntryRow, toEntry } from '../entries/entry-rows';

/** A file that came, and the missing one that it is. */
export interface TakenPlace {
  readonly newId: string;
  readonly missingId: string;
}

/** What was missing, at its new place; and what had come, as it was. */
export interface TakenOver {
  readonly restored: Entry;
  readonly removed: Entry;
}

/** Asks the database for rows: the index has a connection of its own, all else one of TypeORM. */
export type AskRows = <Row extends object>(
  statement: string,
  parameters: unknown[],
) => Promise<Row[]>;

/**
 * The hash and the type are those of the bytes that came; where these were not read yet, and all else is the same, the
 * ones that were known do.
 */
const IS_AS_KNOWN = `n.sha256 is null
  and (n.nature, n.size, n.modified_at, n.filename) = (f.nature, f.size, f.modified_at, f.filename)`;

/**
 * How a missing file becomes one that came, whoever found out that it is. All of it in one transaction that has the
 * lock of totals: what the folders hold does not change by it.
 */
export class TakeOver {
  constructor(private readonly ask: AskRows) {}

  /** The file that came, locked; null when it is not at rest, or gone. */
  async lockNew(id: string): Promise<Entry | null> {
    const [row] = await this.ask<RawEntryRow>(
      `select ${ENTRY_COLUMNS} from file_metadata where id = $1 and kind = 'file' and state = 'live' for update`,
      [id],
    );
    return row === undefined ? null : toEntry(row);
  }

  /**
   * Gives the missing file the place of the one that came, which is gone then. It keeps its id, its tags, to which
   * those of the other are added, and the date of its upload.
   * @param removed what `lockNew` has found
   * @throws Error when the other one is no file of the same drive that is missing
   */
  async takePlace(removed: Entry, missingId: string): Promise<TakenOver> {
    // Out of the way of its name first; in one statement with the next it would not be.
    await this.ask(
      `update file_metadata set state = 'missing', missing_since = now() where id = $1`,
      [removed.id],
    );
    await this.ask(
      `update file_metadata f set state = 'live', missing_since = null, version = f.version + 1,
         parent_id = n.parent_id, filename = n.filename, sort_key = n.sort_key, folded_name = n.folded_name,
         inode = n.inode, birth_ns = n.birth_ns, size = n.size, modified_at = n.modified_at,
         nature = n.nature, link_target = n.link_target,
         sha256 = case when ${IS_AS_KNOWN} then f.sha256 else n.sha256 end,
         scan = case when ${IS_AS_KNOWN} then f.scan else n.scan end,
         uploaded_by = coalesce(n.uploaded_by, f.uploaded_by),
         content_type = case when ${IS_AS_KNOWN} then f.content_type else n.content_type end,
         tags = f.tags || array(
           select t.tag from unnest(n.tags) with ordinality as t (tag, place)
           where t.tag <> all (f.tags) order by t.place)
       from file_metadata n where f.id = $1 and n.id = $2
         and f.state = 'missing' and f.kind = n.kind and f.drive_id = n.drive_id`,
      [missingId, removed.id],
    );
    // What the one that came had before is what the missing file had in the meantime.
    await this.ask(`update file_versions set file_id = $1 where file_id = $2`, [
      missingId,
      removed.id,
    ]);
    await this.ask(`delete from file_metadata where id = $1`, [removed.id]);
    const [row] = await this.ask<RawEntryRow>(
      `select ${ENTRY_COLUMNS} from file_metadata where id = $1 and state = 'live'`,
      [missingId],
    );
    if (row === undefined) throw new Error('A missing entry was claimed twice, or was removed.');
    return { restored: toEntry(row), removed };
  }
}
