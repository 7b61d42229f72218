import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * How much people may upload, and what they have: who uploaded a content is in its row, and triggers note what comes and
 * goes, whoever it is that writes. Notes are added up later, so that no two uploads wait for the row of their user.
 */
export class Quotas1790000012200 implements MigrationInterface {
  name = 'Quotas1790000012200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table users
        add column quota_bytes bigint check (quota_bytes >= 0),
        add column stored_bytes bigint not null default 0`);
    await runner.query(`alter table file_metadata add column uploaded_by uuid`);
    await runner.query(`alter table file_versions add column uploaded_by uuid`);
    await runner.query(`
      create table stored_bytes_changes (
        id bigint generated always as identity primary key,
        user_id uuid not null,
        bytes bigint not null
      )`);
    await runner.query(
      `create index stored_bytes_changes_user on stored_bytes_changes (user_id) include (bytes)`,
    );
    // Room that is kept for bytes on their way. What a process that died has kept runs out.
    await runner.query(`
      create table quota_holds (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        bytes bigint not null check (bytes >= 0),
        holder uuid not null,
        held_until timestamptz(3) not null
      )`);
    await runner.query(`create index quota_holds_user on quota_holds (user_id)`);
    await this.createFunctions(runner);
    await this.createTriggers(runner);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['inserted', 'updated', 'deleted']) {
      await runner.query(`drop trigger file_metadata_stored_${name} on file_metadata`);
      await runner.query(`drop trigger file_versions_stored_${name} on file_versions`);
    }
    await runner.query(`drop function note_stored_file, note_stored_version, note_stored_bytes`);
    await runner.query(`drop function used_bytes`);
    await runner.query(`drop table quota_holds`);
    await runner.query(`drop table stored_bytes_changes`);
    await runner.query(`alter table file_versions drop column uploaded_by`);
    await runner.query(`alter table file_metadata drop column uploaded_by`);
    await runner.query(`alter table users drop column quota_bytes, drop column stored_bytes`);
  }

  private async createFunctions(runner: QueryRunner): Promise<void> {
    // An unfinished upload in parts counts as a whole; while its own hold is there, that counts for it.
    await runner.query(`
      create function used_bytes(person uuid) returns bigint language sql stable as $$
        select (u.stored_bytes
          + coalesce((select sum(c.bytes) from stored_bytes_changes c where c.user_id = u.id), 0)
          + coalesce((select sum(h.bytes) from quota_holds h where h.user_id = u.id and h.held_until > now()), 0)
          + coalesce((select sum(p.length) from uploads p
              where p.user_id = u.id and p.finished_at is null and p.gone_at is null and p.expires_at > now()
                and not exists (select 1 from quota_holds h where h.id = p.id and h.held_until > now())), 0))::bigint
        from users u where u.id = person
      $$`);
    await runner.query(`
      create function note_stored_bytes(old_user uuid, old_bytes bigint, new_user uuid, new_bytes bigint)
      returns void language sql as $$
        insert into stored_bytes_changes (user_id, bytes)
        select person, sum(bytes) from (values (old_user, -old_bytes), (new_user, new_bytes)) as v (person, bytes)
        where person is not null group by person having sum(bytes) <> 0
      $$`);
    // What is not there yet has its room held; what is missing takes none.
    await runner.query(`
      create function note_stored_file() returns trigger language plpgsql as $$
      declare
        old_user uuid; old_bytes bigint; new_user uuid; new_bytes bigint;
      begin
        if tg_op <> 'INSERT' and old.state not in ('committing', 'missing') then
          old_user := old.uploaded_by; old_bytes := old.size;
        end if;
        if tg_op <> 'DELETE' and new.state not in ('committing', 'missing') then
          new_user := new.uploaded_by; new_bytes := new.size;
        end if;
        perform note_stored_bytes(old_user, old_bytes, new_user, new_bytes);
        return null;
      end $$`);
    await runner.query(`
      create function note_stored_version() returns trigger language plpgsql as $$
      declare
        old_user uuid; old_bytes bigint; new_user uuid; new_bytes bigint;
      begin
        if tg_op <> 'INSERT' then old_user := old.uploaded_by; old_bytes := old.size; end if;
        if tg_op <> 'DELETE' then new_user := new.uploaded_by; new_bytes := new.size; end if;
        perform note_stored_bytes(old_user, old_bytes, new_user, new_bytes);
        return null;
      end $$`);
  }

  /** What nobody has uploaded, as all that lies on disks of others, costs no call. */
  private async createTriggers(runner: QueryRunner): Promise<void> {
    const tables = [
      {
        table: 'file_metadata',
        note: 'note_stored_file',
        columns: ['size', 'state', 'uploaded_by'],
      },
      { table: 'file_versions', note: 'note_stored_version', columns: ['size', 'uploaded_by'] },
    ];
    for (const { table, note, columns } of tables) {
      const of = (row: string) => columns.map((column) => `${row}.${column}`).join(', ');
      const isThere = table === 'file_metadata' ? ` and new.state <> 'committing'` : '';
      await runner.query(`
        create trigger ${table}_stored_inserted after insert on ${table} for each row
        when (new.uploaded_by is not null${isThere}) execute function ${note}()`);
      await runner.query(`
        create trigger ${table}_stored_updated after update of ${columns.join(', ')} on ${table} for each row
        when ((old.uploaded_by is not null or new.uploaded_by is not null)
          and (${of('old')}) is distinct from (${of('new')})) execute function ${note}()`);
      await runner.query(`
        create trigger ${table}_stored_deleted after delete on ${table} for each row
        when (old.uploaded_by is not null) execute function ${note}()`);
    }
  }
}
