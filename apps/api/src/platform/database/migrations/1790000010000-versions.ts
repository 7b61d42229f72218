import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Earlier contents of files, and the write by which a file gets another one: its intent lies in the row of the file,
 * as those of the other writes do (docs/adr/0002).
 */
export class Versions1790000010000 implements MigrationInterface {
  name = 'Versions1790000010000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table drives add column versions_max_percent integer not null default 10
        check (versions_max_percent between 1 and 100)`,
    );
    await runner.query(`
      alter table file_metadata
        add column replacement jsonb,
        drop constraint file_metadata_state,
        drop constraint file_metadata_staged,
        add constraint file_metadata_state check (state in
          ('committing', 'live', 'moving', 'deleting', 'replacing', 'missing', 'trash', 'trashed')),
        add constraint file_metadata_staged check (
          (state = 'replacing' or (state = 'committing' and kind = 'file' and nature <> 'link'))
            = (staged_name is not null)),
        add constraint file_metadata_replaced check ((state = 'replacing') = (replacement is not null))`);
    await runner.query(`drop index file_metadata_unfinished`);
    await runner.query(`create index file_metadata_unfinished on file_metadata (state)
      where state in ('committing', 'moving', 'deleting', 'replacing')`);

    // No reference to the file: its row may go by statements that take thousands, and what is left here says which bytes
    // are still to be removed.
    await runner.query(`
      create table file_versions (
        id uuid primary key,
        file_id uuid not null,
        drive_id uuid not null references drives (id) on delete cascade,
        kept_under uuid not null,
        size bigint not null check (size >= 0),
        sha256 bytea check (length(sha256) = 32),
        content_type text not null,
        scan text check (scan in ('clean', 'not_scanned')),
        modified_at timestamptz(3) not null,
        replaced_at timestamptz(3) not null,
        replaced_by text,
        removed_at timestamptz(3)
      )`);
    await runner.query(`create index file_versions_file on file_versions (file_id, id)`);
    await runner.query(
      `create index file_versions_drive on file_versions (drive_id, replaced_at, id)`,
    );
  }

  /** The earlier contents are forgotten; their bytes stay where they are. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table file_versions`);
    await runner.query(`drop index file_metadata_unfinished`);
    await runner.query(`create index file_metadata_unfinished on file_metadata (state)
      where state in ('committing', 'moving', 'deleting')`);
    // Whether such a write was done, the next scan finds out.
    await runner.query(`update file_metadata set state = 'live', staged_name = null, lease_holder = null,
      lease_until = null, replacement = null where state = 'replacing'`);
    await runner.query(`
      alter table file_metadata
        drop constraint file_metadata_state, drop constraint file_metadata_staged,
        drop constraint file_metadata_replaced, drop column replacement,
        add constraint file_metadata_state check (state in
          ('committing', 'live', 'moving', 'deleting', 'missing', 'trash', 'trashed')),
        add constraint file_metadata_staged
          check ((state = 'committing' and kind = 'file' and nature <> 'link') = (staged_name is not null))`);
    await runner.query(`alter table drives drop column versions_max_percent`);
  }
}
