import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Large files are found by their size: what somebody is about to send may be there already. */
export class KnownFiles1790000009000 implements MigrationInterface {
  name = 'KnownFiles1790000009000';

  async up(runner: QueryRunner): Promise<void> {
    // Small files are most of a million: they are not looked for, and cost nothing here.
    await runner.query(
      `create index file_metadata_large on file_metadata (size) where kind = 'file' and size >= 1048576`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index file_metadata_large`);
  }
}
