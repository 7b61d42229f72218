import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Uploads in parts: how far each is on the disk, who writes, and for a while what became of it. */
export class Uploads1790000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table uploads (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        drive_id uuid not null references drives (id) on delete cascade,
        folder_id uuid not null,
        filename text not null,
        tags text[] not null,
        conflict text not null check (conflict in ('rename', 'version', 'fail')),
        modified_at timestamptz(3),
        sha256 bytea check (length(sha256) = 32),
        metadata text not null,
        length bigint not null check (length >= 0),
        committed_offset bigint not null check (committed_offset between 0 and length),
        staged_name text collate "C" not null constraint uploads_staged_name unique,
        created_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        lease_holder uuid,
        lease_until timestamptz(3),
        fence integer not null default 0,
        file_id uuid,
        finished_at timestamptz(3),
        gone_at timestamptz(3),
        check ((lease_holder is null) = (lease_until is null)),
        check ((file_id is null) = (finished_at is null))
      )`);
    // What is still to come, of a drive and of a user; and what is over or runs out.
    await runner.query(`create index uploads_unfinished_drive on uploads (drive_id)
      where finished_at is null and gone_at is null`);
    await runner.query(`create index uploads_unfinished_user on uploads (user_id)
      where finished_at is null and gone_at is null`);
    await runner.query(
      `create index uploads_ending on uploads (coalesce(finished_at, gone_at, expires_at))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table uploads`);
  }
}
