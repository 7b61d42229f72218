import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each earlier content was read for the last time, and which were found to be corrupted. */
export class VersionIntegrity1790000011100 implements MigrationInterface {
  name = 'VersionIntegrity1790000011100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table file_versions add column verified_at timestamptz(3), add column corrupted_at timestamptz(3)`);
    await runner.query(
      `create index file_versions_corrupted on file_versions (drive_id) where corrupted_at is not null`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index file_versions_corrupted`);
    await runner.query(
      `alter table file_versions drop column verified_at, drop column corrupted_at`,
    );
  }
}
