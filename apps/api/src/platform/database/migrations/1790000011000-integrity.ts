import type { MigrationInterface, QueryRunner } from 'typeorm';

const KINDS = `'scan', 'copy', 'move', 'delete', 'forget', 'trash'`;

/** When each file was read for the last time, and which were found to be corrupted. */
export class Integrity1790000011000 implements MigrationInterface {
  name = 'Integrity1790000011000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table drives add column verified_at timestamptz(3)`);
    // Without an index on `verified_at`: a reading notes it of every file, and goes through them by their ids.
    await runner.query(`
      alter table file_metadata add column verified_at timestamptz(3), add column corrupted_at timestamptz(3)`);
    await runner.query(
      `create index file_metadata_corrupted on file_metadata (drive_id, corrupted_at) where corrupted_at is not null`,
    );
    // Both are said of a content: whoever gives a file another one, by whatever statement, takes them away.
    await runner.query(`
      create function forget_verification() returns trigger language plpgsql as $$
      begin
        new.verified_at := null;
        new.corrupted_at := null;
        return new;
      end $$`);
    await runner.query(`
      create trigger file_metadata_verification before update of sha256 on file_metadata for each row
      when (old.sha256 is distinct from new.sha256 and (old.verified_at is not null or old.corrupted_at is not null))
      execute function forget_verification()`);
    await runner.query(`alter table jobs drop constraint jobs_kind_check,
      add constraint jobs_kind_check check (kind in (${KINDS}, 'integrity'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from jobs where kind = 'integrity'`);
    await runner.query(`alter table jobs drop constraint jobs_kind_check,
      add constraint jobs_kind_check check (kind in (${KINDS}))`);
    await runner.query(`drop trigger file_metadata_verification on file_metadata`);
    await runner.query(`drop function forget_verification`);
    await runner.query(`drop index file_metadata_corrupted`);
    await runner.query(
      `alter table file_metadata drop column verified_at, drop column corrupted_at`,
    );
    await runner.query(`alter table drives drop column verified_at`);
  }
}
