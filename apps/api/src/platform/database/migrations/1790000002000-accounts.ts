import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Users and what they come in with, who may do what on which drive, and who caused which event. */
export class Accounts1790000002000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table users (
        id uuid primary key,
        username text collate "C" not null constraint users_username unique,
        display_name text not null,
        role text not null check (role in ('admin', 'member', 'guest')),
        disabled boolean not null default false,
        password_hash text,
        second_factor_required boolean not null default false,
        created_at timestamptz(3) not null,
        last_seen_at timestamptz(3)
      )`);
    await runner.query(`
      create table sessions (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        secret_hash bytea not null constraint sessions_secret unique check (octet_length(secret_hash) = 32),
        created_at timestamptz(3) not null,
        confirmed_at timestamptz(3) not null,
        last_seen_at timestamptz(3) not null,
        expires_at timestamptz(3) not null,
        client_address text not null,
        user_agent text not null
      )`);
    await runner.query(`create index sessions_user on sessions (user_id)`);
    await runner.query(`create index sessions_expiry on sessions (expires_at)`);
    await runner.query(`
      create table api_tokens (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        name text not null,
        secret_hash bytea not null constraint api_tokens_secret unique check (octet_length(secret_hash) = 32),
        scopes text[] not null,
        created_at timestamptz(3) not null,
        expires_at timestamptz(3),
        last_used_at timestamptz(3)
      )`);
    await runner.query(`create index api_tokens_user on api_tokens (user_id)`);
    // Attempts at a secret, by what is attacked and from where; a row is forgotten when its window is over.
    await runner.query(`
      create table secret_attempts (
        key text collate "C" primary key,
        count integer not null,
        window_ends_at timestamptz(3) not null
      )`);
    await runner.query(`create index secret_attempts_end on secret_attempts (window_ends_at)`);

    await runner.query(
      `alter table drives add column owner_id uuid references users (id) on delete set null`,
    );
    // Below DATA_DIR; null for a drive that lies elsewhere.
    await runner.query(
      `alter table drives add column folder text collate "C" constraint drives_folder unique`,
    );
    await runner.query(`update drives set folder = 'files' where is_default`);
    // The drives of two persons may bear one name with a shared drive: only those of all are named once.
    await runner.query(`alter table drives drop constraint drives_name_key`);
    await runner.query(
      `create unique index drives_shared_name on drives (name) where folder is null or folder not like 'homes/%'`,
    );
    await runner.query(`create unique index drives_owner on drives (owner_id)`);
    await runner.query(`
      create table drive_grants (
        user_id uuid not null references users (id) on delete cascade,
        drive_id uuid not null references drives (id) on delete cascade,
        access text not null check (access in ('read', 'write')),
        primary key (user_id, drive_id)
      )`);
    await runner.query(`create index drive_grants_drive on drive_grants (drive_id)`);
    // The newest files of each drive that somebody may see, in one walk a drive.
    await runner.query(
      `create index file_metadata_drive_newest on file_metadata (drive_id, upload_date, id) where kind = 'file'`,
    );
    await runner.query(`drop index file_metadata_newest`);

    for (const table of ['event_outbox', 'events']) {
      await runner.query(`alter table ${table}
        add column audience text not null default 'drive' check (audience in ('drive', 'administrators')),
        add column actor_id uuid,
        add column actor_name text,
        add column client_address text`);
    }
    await runner.query(`create index events_actor on events (actor_id, position)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index events_actor`);
    for (const table of ['event_outbox', 'events']) {
      await runner.query(`alter table ${table}
        drop column audience, drop column actor_id, drop column actor_name, drop column client_address`);
    }
    await runner.query(
      `create index file_metadata_newest on file_metadata (upload_date, id) where kind = 'file'`,
    );
    await runner.query(`drop index file_metadata_drive_newest`);
    await runner.query(`drop table drive_grants`);
    await runner.query(`drop index drives_owner`);
    await runner.query(`drop index drives_shared_name`);
    await runner.query(`alter table drives add constraint drives_name_key unique (name)`);
    await runner.query(`alter table drives drop column folder`);
    await runner.query(`alter table drives drop column owner_id`);
    for (const table of ['secret_attempts', 'api_tokens', 'sessions', 'users'])
      await runner.query(`drop table ${table}`);
  }
}
