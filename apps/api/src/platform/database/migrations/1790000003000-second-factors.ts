import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Second factors, passkeys, recovery codes, and the accounts that people have with an identity provider. */
export class SecondFactors1790000003000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // The secret stands here as it is: a code is computed from it, so a hash would be of no use, and a key to
    // encrypt it by would lie on the same disk. Against a stolen disk helps that the disk is encrypted.
    await runner.query(`
      create table totp_factors (
        id uuid primary key,
        user_id uuid not null constraint totp_factors_user unique references users (id) on delete cascade,
        secret bytea not null check (octet_length(secret) = 20),
        created_at timestamptz(3) not null,
        confirmed_at timestamptz(3),
        last_step integer not null default 0,
        last_used_at timestamptz(3)
      )`);
    await runner.query(`
      create table recovery_codes (
        user_id uuid not null references users (id) on delete cascade,
        code_hash bytea not null check (octet_length(code_hash) = 32),
        primary key (user_id, code_hash)
      )`);
    await runner.query(`
      create table passkeys (
        id uuid primary key,
        user_id uuid not null references users (id) on delete cascade,
        credential_id bytea not null constraint passkeys_credential unique,
        public_key bytea not null,
        counter bigint not null,
        transports text[] not null,
        rp_id text not null,
        name text not null,
        created_at timestamptz(3) not null,
        last_used_at timestamptz(3)
      )`);
    await runner.query(`create index passkeys_user on passkeys (user_id)`);
    // Of nobody: for a sign-in, in which the passkey says whose it is.
    await runner.query(`
      create table passkey_challenges (
        id uuid primary key,
        user_id uuid references users (id) on delete cascade,
        challenge text not null,
        expires_at timestamptz(3) not null
      )`);
    await runner.query(`create index passkey_challenges_expiry on passkey_challenges (expires_at)`);
    await runner.query(`
      create table identities (
        issuer text collate "C" not null,
        subject text collate "C" not null,
        user_id uuid not null references users (id) on delete cascade,
        created_at timestamptz(3) not null,
        last_used_at timestamptz(3),
        primary key (issuer, subject),
        constraint identities_user unique (user_id, issuer)
      )`);
    // A way to the identity provider and back, under way in one browser.
    await runner.query(`
      create table identity_flows (
        state_hash bytea primary key check (octet_length(state_hash) = 32),
        browser_hash bytea not null check (octet_length(browser_hash) = 32),
        nonce text not null,
        code_verifier text not null,
        linking_user_id uuid references users (id) on delete cascade,
        is_again boolean not null,
        return_to text not null,
        expires_at timestamptz(3) not null
      )`);
    await runner.query(`create index identity_flows_expiry on identity_flows (expires_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    const tables = [
      'identity_flows',
      'identities',
      'passkey_challenges',
      'passkeys',
      'recovery_codes',
      'totp_factors',
    ];
    for (const table of tables) await runner.query(`drop table ${table}`);
    await runner.query(`update users set second_factor_required = false`);
  }
}
