import type { MigrationInterface, QueryRunner } from 'typeorm';

const ENTRY_STATES = `'committing', 'live', 'moving', 'deleting'`;

/**
 * Drives that lie anywhere, the index of what is on them, and jobs. Where an entry lies is derived from the
 * folders above it, so that a renamed folder is one changed row (docs/adr/0009).
 */
export class DriveIndex1790000004000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table drives
        add column root text collate "C" constraint drives_root unique,
        add column excludes text[] not null default '{}',
        add column show_hidden boolean not null default true,
        add column cross_mounts boolean not null default false,
        add column file_owner text, add column file_group text,
        add column file_mode text, add column folder_mode text,
        add column identity jsonb,
        add column state text not null default 'online' check (state in ('online', 'offline', 'replaced')),
        add column index_state text not null default 'idle'
          check (index_state in ('idle', 'scanning', 'attention', 'failed')),
        add column watching text not null default 'none' check (watching in ('notifications', 'polling', 'none')),
        add column scanned_count bigint not null default 0,
        add column scanned_at timestamptz(3),
        add column fully_scanned_at timestamptz(3),
        add column attention jsonb,
        add column tolerated_count bigint not null default 0,
        add check (root is null or folder is null)`);

    await runner.query(`
      alter table file_metadata
        add column nature text not null default 'plain' check (nature in ('plain', 'link', 'mount', 'unreadable')),
        add column link_target text,
        add column birth_ns numeric(20),
        add column listed_ns numeric(20),
        add column child_count bigint, add column file_count bigint, add column folder_count bigint,
        add column source_filename text collate "C",
        add column moves_id uuid,
        add column missing_since timestamptz(3)`);
    await runner.query(`
      update file_metadata set source_filename = regexp_replace(source_path, '^.*/', '') where source_path is not null`);
    await runner.query(`
      update file_metadata f set child_count = coalesce(t.child_count, 0), file_count = coalesce(t.file_count, 0),
        folder_count = 0, size = coalesce(t.total_bytes, 0)
      from file_metadata g left join folder_totals t on t.folder_id = g.id
      where g.id = f.id and f.kind = 'folder'`);
    // The parents of rows that are copied in by the hundred thousand are not looked up one by one.
    for (const constraint of [
      'file_metadata_drive_id_fkey',
      'file_metadata_parent_id_fkey',
      // Those of a state, whose names PostgreSQL made.
      'file_metadata_state_check',
      'file_metadata_check',
      'file_metadata_check1',
      'file_metadata_check2',
      'file_metadata_check3',
    ]) {
      await runner.query(`alter table file_metadata drop constraint ${constraint}`);
    }
    await runner.query(`
      alter table file_metadata drop column storage_path, drop column source_path,
        add constraint file_metadata_state check (state in (${ENTRY_STATES}, 'missing')),
        add constraint file_metadata_type check ((kind = 'file') = (content_type is not null)),
        add constraint file_metadata_totals check ((kind = 'folder') = (file_count is not null)),
        add constraint file_metadata_staged
          check ((state = 'committing' and kind = 'file' and nature <> 'link') = (staged_name is not null)),
        add constraint file_metadata_source check ((state = 'moving') = (source_filename is not null)),
        add constraint file_metadata_leased check ((state in ('live', 'missing')) = (lease_holder is null)),
        add constraint file_metadata_gone check ((state = 'missing') = (missing_since is not null)),
        add constraint file_metadata_linked check ((nature = 'link') = (link_target is not null))`);

    await runner.query(`drop index file_metadata_name`);
    await runner.query(
      `create unique index file_metadata_name on file_metadata (parent_id, filename) where state <> 'missing'`,
    );
    await runner.query(`drop index file_metadata_unfinished`);
    await runner.query(
      `create index file_metadata_unfinished on file_metadata (state) where state in ('committing', 'moving', 'deleting')`,
    );
    // What was missed, by when, and by the place where it may come back.
    await runner.query(
      `create index file_metadata_missing on file_metadata (missing_since) where state = 'missing'`,
    );
    await runner.query(
      `create index file_metadata_missing_name on file_metadata (parent_id, filename) where state = 'missing'`,
    );
    await runner.query(
      `create index file_metadata_missing_size on file_metadata (drive_id, size) where state = 'missing'`,
    );
    // A file that was moved outside is found again by its inode.
    await runner.query(`create index file_metadata_inode on file_metadata (inode)`);
    // What is still to be hashed, the newest first.
    await runner.query(`create index file_metadata_unhashed on file_metadata (drive_id, modified_at)
      where kind = 'file' and sha256 is null and nature = 'plain' and state = 'live'`);

    // Other orders than by name sort what lies in one folder: an index for each would cost every entry more than that.
    for (const index of ['by_size', 'by_upload', 'by_change', 'by_name', 'tags'])
      await runner.query(`drop index file_metadata_${index}`);
    await runner.query(
      `create index file_metadata_by_name on file_metadata (parent_id, kind, sort_key)`,
    );
    await runner.query(
      `create index file_metadata_tags on file_metadata using gin (tags) where tags <> '{}'`,
    );

    await runner.query(`drop table folder_totals`);
    await runner.query(`delete from folder_totals_changes`);
    await runner.query(`alter table folder_totals_changes
      drop constraint folder_totals_changes_folder_id_fkey,
      add column drive_id uuid not null, add column folder_count bigint not null default 0`);
    await runner.query(
      `create index folder_totals_changes_drive on folder_totals_changes (drive_id)`,
    );

    // Where an entry lies inside its drive; empty for a root. Folders form no circle: see EntriesRepository.
    await runner.query(`
      create function entry_path(entry uuid) returns text language plpgsql stable parallel safe as $$
      declare
        path text; name text; above uuid; at uuid := entry;
      begin
        loop
          select f.parent_id, f.filename into above, name from file_metadata f where f.id = at;
          if above is null then return coalesce(path, ''); end if;
          path := case when path is null then name else name || '/' || path end;
          at := above;
        end loop;
      end $$`);

    // Where a folder of a drive lies that something is about to be written into, and that it stays there until the end
    // of the transaction; null when it is on another drive by now, or when it or a folder above it is itself being moved
    // or deleted. See FolderTree. It is volatile: each statement sees what was committed while it waited for the lock.
    await runner.query(`
      create function hold_folder(folder uuid, drive uuid) returns text language plpgsql as $$
      declare
        path text; name text; above uuid; rest text; on_drive uuid; at uuid := folder;
      begin
        perform pg_advisory_xact_lock_shared(7210003, hashtext(drive::text));
        loop
          select f.parent_id, f.filename, f.state, f.drive_id into above, name, rest, on_drive
            from file_metadata f where f.id = at;
          if not found or rest <> 'live' or on_drive <> drive then return null; end if;
          if above is null then return coalesce(path, ''); end if;
          path := case when path is null then name else name || '/' || path end;
          at := above;
        end loop;
      end $$`);

    await runner.query(`
      create table jobs (
        id uuid primary key,
        kind text not null check (kind in ('scan', 'copy', 'move', 'delete', 'forget')),
        state text not null check (state in ('queued', 'running', 'done', 'failed', 'cancelled')),
        title text not null,
        drive_id uuid,
        user_id uuid,
        input jsonb not null,
        cursor jsonb,
        progress_unit text not null check (progress_unit in ('entries', 'bytes')),
        progress_done bigint not null default 0,
        progress_total bigint,
        is_cancelling boolean not null default false,
        attempts integer not null default 0,
        result_id uuid,
        problem jsonb,
        lease_holder uuid,
        lease_until timestamptz(3),
        not_before timestamptz(3),
        created_at timestamptz(3) not null,
        started_at timestamptz(3),
        finished_at timestamptz(3),
        check ((state = 'running') = (lease_holder is not null)),
        check ((lease_holder is null) = (lease_until is null)),
        check ((state in ('done', 'failed', 'cancelled')) = (finished_at is not null))
      )`);
    await runner.query(
      `create index jobs_active on jobs (created_at, id) where state in ('queued', 'running')`,
    );
    await runner.query(`create index jobs_newest on jobs (created_at, id)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table jobs`);
    await runner.query(`delete from file_metadata where state = 'missing'`);
    await runner.query(
      `alter table file_metadata add column storage_path text collate "C", add column source_path text collate "C"`,
    );
    await runner.query(`update file_metadata set storage_path = entry_path(id)`);
    await runner.query(`update file_metadata set source_path =
      case when entry_path(source_parent_id) = '' then source_filename
           else entry_path(source_parent_id) || '/' || source_filename end where state = 'moving'`);
    await runner.query(`drop function hold_folder`);
    await runner.query(`drop function entry_path`);
    await runner.query(`drop index folder_totals_changes_drive`);
    await runner.query(
      `alter table folder_totals_changes drop column drive_id, drop column folder_count`,
    );
    await runner.query(`
      create table folder_totals (
        folder_id uuid primary key references file_metadata (id) on delete cascade,
        drive_id uuid not null references drives (id),
        child_count bigint not null,
        file_count bigint not null,
        total_bytes bigint not null
      )`);
    await runner.query(`insert into folder_totals select id, drive_id, child_count, file_count, size
      from file_metadata where kind = 'folder'`);
    for (const [name, columns] of [
      ['by_name', 'parent_id, kind, sort_key, filename, id'],
      ['by_size', 'parent_id, kind, size, id'],
      ['by_upload', 'parent_id, kind, upload_date, id'],
      ['by_change', 'parent_id, kind, modified_at, id'],
    ] as const) {
      await runner.query(`drop index if exists file_metadata_${name}`);
      await runner.query(`create index file_metadata_${name} on file_metadata (${columns})`);
    }
    await runner.query(`drop index file_metadata_tags`);
    await runner.query(`create index file_metadata_tags on file_metadata using gin (tags)`);
    for (const index of [
      'unhashed',
      'inode',
      'missing_size',
      'missing_name',
      'missing',
      'unfinished',
      'name',
    ])
      await runner.query(`drop index file_metadata_${index}`);
    await runner.query(
      `create unique index file_metadata_name on file_metadata (parent_id, filename)`,
    );
    await runner.query(
      `create index file_metadata_unfinished on file_metadata (state) where state <> 'live'`,
    );
    for (const constraint of [
      'state',
      'type',
      'totals',
      'staged',
      'source',
      'leased',
      'gone',
      'linked',
    ])
      await runner.query(`alter table file_metadata drop constraint file_metadata_${constraint}`);
    await runner.query(`
      alter table file_metadata
        drop column nature, drop column link_target, drop column birth_ns, drop column listed_ns,
        drop column child_count, drop column file_count, drop column folder_count,
        drop column source_filename, drop column moves_id, drop column missing_since,
        alter column storage_path set not null,
        add foreign key (drive_id) references drives (id),
        add foreign key (parent_id) references file_metadata (id),
        add check (state in (${ENTRY_STATES})),
        add check ((kind = 'file') = (content_type is not null)),
        add check ((state = 'committing') = (staged_name is not null)),
        add check ((state = 'moving') = (source_path is not null)),
        add check ((state = 'live') = (lease_holder is null))`);
    await runner.query(`alter table folder_totals_changes
      add foreign key (folder_id) references file_metadata (id) on delete cascade`);
    for (const column of [
      'root',
      'excludes',
      'show_hidden',
      'cross_mounts',
      'file_owner',
      'file_group',
      'file_mode',
      'folder_mode',
      'identity',
      'state',
      'index_state',
      'watching',
      'scanned_count',
      'scanned_at',
      'fully_scanned_at',
      'attention',
      'tolerated_count',
    ])
      await runner.query(`alter table drives drop column ${column}`);
  }
}
