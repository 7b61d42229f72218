import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Drives, entries, what folders hold, and the event log. */
export class InitialSchema1790000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table drives (
        id uuid primary key,
        name text not null unique,
        kind text not null check (kind in ('posix', 's3')),
        root_folder_id uuid not null unique,
        is_default boolean not null,
        read_only boolean not null default false,
        created_at timestamptz(3) not null
      )`);
    await runner.query(
      `create unique index drives_one_default on drives (is_default) where is_default`,
    );

    await runner.query(`
      create table file_metadata (
        id uuid primary key,
        drive_id uuid not null references drives (id),
        parent_id uuid references file_metadata (id),
        kind text not null check (kind in ('file', 'folder')),
        filename text collate "C" not null,
        sort_key text collate "C" not null,
        content_type text,
        size bigint not null check (size >= 0),
        storage_path text collate "C" not null,
        sha256 bytea check (octet_length(sha256) = 32),
        upload_date timestamptz(3) not null,
        modified_at timestamptz(3) not null,
        tags text[] not null default '{}',
        inode numeric(20),
        version integer not null default 1 check (version >= 1),
        state text not null check (state in ('committing', 'live', 'moving', 'deleting')),
        staged_name text,
        source_path text collate "C",
        source_parent_id uuid,
        lease_holder uuid,
        lease_until timestamptz(3),
        check ((kind = 'file') = (content_type is not null)),
        check ((state = 'committing') = (staged_name is not null)),
        check ((state = 'moving') = (source_path is not null)),
        check ((state = 'live') = (lease_holder is null)),
        check ((lease_holder is null) = (lease_until is null))
      )`);
    // One name once in a folder; a drive has one root.
    await runner.query(
      `create unique index file_metadata_name on file_metadata (parent_id, filename)`,
    );
    await runner.query(
      `create unique index file_metadata_root on file_metadata (drive_id) where parent_id is null`,
    );
    // A page of a folder, in each order, is one walk along one of these.
    await runner.query(
      `create index file_metadata_by_name on file_metadata (parent_id, kind, sort_key, filename, id)`,
    );
    await runner.query(
      `create index file_metadata_by_size on file_metadata (parent_id, kind, size, id)`,
    );
    await runner.query(
      `create index file_metadata_by_upload on file_metadata (parent_id, kind, upload_date, id)`,
    );
    await runner.query(
      `create index file_metadata_by_change on file_metadata (parent_id, kind, modified_at, id)`,
    );
    await runner.query(
      `create index file_metadata_newest on file_metadata (upload_date, id) where kind = 'file'`,
    );
    await runner.query(`create index file_metadata_tags on file_metadata using gin (tags)`);
    // What a crash left behind is found without reading the table.
    await runner.query(
      `create index file_metadata_unfinished on file_metadata (state) where state <> 'live'`,
    );

    await runner.query(`
      create table folder_totals (
        folder_id uuid primary key references file_metadata (id) on delete cascade,
        drive_id uuid not null references drives (id),
        child_count bigint not null,
        file_count bigint not null,
        total_bytes bigint not null
      )`);
    // Writers only append here, so that no two of them wait for one row of totals.
    await runner.query(`
      create table folder_totals_changes (
        id bigint generated always as identity primary key,
        folder_id uuid not null references file_metadata (id) on delete cascade,
        child_count bigint not null,
        file_count bigint not null,
        total_bytes bigint not null
      )`);

    await runner.query(`
      create table event_outbox (
        id bigint generated always as identity primary key,
        type text not null,
        subject text not null,
        time timestamptz(3) not null,
        drive_id uuid,
        data jsonb not null
      )`);
    await runner.query(`
      create table events (
        position bigint primary key,
        type text not null,
        subject text not null,
        time timestamptz(3) not null,
        drive_id uuid,
        data jsonb not null
      )`);
    await runner.query(`create index events_time on events (time)`);
    await runner.query(`
      create table event_position (
        id boolean primary key default true check (id),
        position bigint not null
      )`);
    await runner.query(`insert into event_position (position) values (0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of [
      'event_position',
      'events',
      'event_outbox',
      'folder_totals_changes',
      'folder_totals',
      'file_metadata',
      'drives',
    ]) {
      await runner.query(`drop table ${table}`);
    }
  }
}
