import type { MigrationInterface, QueryRunner } from 'typeorm';

const UNFINISHED = `'committing', 'moving', 'deleting'`;

/**
 * The trash of each drive: a row without a parent in a state of its own, whose path is `.homeserver/trash`. What is
 * deleted is moved there, under its id (docs/adr/0012).
 */
export class Trash1790000006000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table drives
        add column trash_days integer not null default 30 check (trash_days > 0),
        add column trash_max_percent integer not null default 10 check (trash_max_percent between 1 and 100)`);
    await runner.query(`
      alter table file_metadata
        add column trash_id uuid,
        add column trashed_at timestamptz(3),
        add column trashed_from jsonb,
        drop constraint file_metadata_state,
        drop constraint file_metadata_leased,
        add constraint file_metadata_state check (state in (${UNFINISHED}, 'live', 'missing', 'trash', 'trashed')),
        add constraint file_metadata_leased
          check ((state in ('live', 'missing', 'trash', 'trashed')) = (lease_holder is null)),
        add constraint file_metadata_trashed check (
          (trash_id is null) = (trashed_at is null) and (trash_id is null or state in ('trashed', 'moving', 'deleting'))
          and (state <> 'trashed' or trash_id is not null) and (trashed_from is null or trash_id = id))`);
    await runner.query(`drop index file_metadata_root`);
    await runner.query(
      `create unique index file_metadata_root on file_metadata (drive_id) where parent_id is null and state <> 'trash'`,
    );
    await runner.query(
      `create unique index file_metadata_trash on file_metadata (drive_id) where state = 'trash'`,
    );
    await runner.query(
      `create index file_metadata_trashed on file_metadata (trash_id) where state = 'trashed'`,
    );
    // What somebody has put there, the newest first, and the oldest first.
    await runner.query(`create index file_metadata_trashed_at on file_metadata (trashed_at, id)
      where state = 'trashed' and trashed_from is not null`);
    await runner.query(`
      insert into file_metadata (id, drive_id, kind, filename, sort_key, folded_name, size, child_count, file_count,
        folder_count, upload_date, modified_at, state)
      select gen_random_uuid(), id, 'folder', '.homeserver/trash', '', '.homeserver/trash', 0, 0, 0, 0, now(), now(), 'trash'
      from drives`);
    await runner.query(`
      create function is_trash(folder uuid) returns boolean language sql stable parallel safe as $$
        select exists (select 1 from file_metadata f where f.id = folder and f.state = 'trash')
      $$`);

    await runner.query(`
      create or replace function entry_path(entry uuid) returns text language plpgsql stable parallel safe as $$
      declare
        path text; name text; above uuid; rest text; at uuid := entry;
      begin
        loop
          select f.parent_id, f.filename, f.state into above, name, rest from file_metadata f where f.id = at;
          if above is null then
            if rest = 'trash' then return concat_ws('/', name, path); end if;
            return coalesce(path, '');
          end if;
          path := case when path is null then name else name || '/' || path end;
          at := above;
        end loop;
      end $$`);
    await runner.query(`
      create or replace function hold_folder(folder uuid, drive uuid) returns text language plpgsql as $$
      declare
        path text; name text; above uuid; rest text; on_drive uuid; at uuid := folder;
      begin
        perform pg_advisory_xact_lock_shared(7210003, hashtext(drive::text));
        loop
          select f.parent_id, f.filename, f.state, f.drive_id into above, name, rest, on_drive
            from file_metadata f where f.id = at;
          if not found or rest not in ('live', 'trash') or on_drive <> drive then return null; end if;
          if above is null then
            if rest = 'trash' then return concat_ws('/', name, path); end if;
            return coalesce(path, '');
          end if;
          path := case when path is null then name else name || '/' || path end;
          at := above;
        end loop;
      end $$`);

    await runner.query(`alter table jobs drop constraint jobs_kind_check,
      add constraint jobs_kind_check check (kind in ('scan', 'copy', 'move', 'delete', 'forget', 'trash'))`);
  }

  /** What is in the trash is forgotten; its bytes stay where they are. */
  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from jobs where kind = 'trash'`);
    await runner.query(`alter table jobs drop constraint jobs_kind_check,
      add constraint jobs_kind_check check (kind in ('scan', 'copy', 'move', 'delete', 'forget'))`);
    await runner.query(`
      create or replace function hold_folder(folder uuid, drive uuid) returns text language plpgsql as $$
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
      create or replace function entry_path(entry uuid) returns text language plpgsql stable parallel safe as $$
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
    await runner.query(`drop function is_trash`);
    await runner.query(
      `delete from file_metadata where state in ('trash', 'trashed') or trash_id is not null`,
    );
    for (const index of ['trashed_at', 'trashed', 'trash', 'root'])
      await runner.query(`drop index file_metadata_${index}`);
    await runner.query(
      `create unique index file_metadata_root on file_metadata (drive_id) where parent_id is null`,
    );
    await runner.query(`
      alter table file_metadata
        drop constraint file_metadata_trashed, drop constraint file_metadata_state, drop constraint file_metadata_leased,
        drop column trash_id, drop column trashed_at, drop column trashed_from,
        add constraint file_metadata_state check (state in ('committing', 'live', 'moving', 'deleting', 'missing')),
        add constraint file_metadata_leased check ((state in ('live', 'missing')) = (lease_holder is null))`);
    await runner.query(`alter table drives drop column trash_days, drop column trash_max_percent`);
  }
}
