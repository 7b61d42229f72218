import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a scanner of viruses said of a file. */
export class ScanMarks1790000012000 implements MigrationInterface {
  name = 'ScanMarks1790000012000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `alter table file_metadata add column scan text
         constraint file_metadata_scan check (scan in ('clean', 'not_scanned'))`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table file_metadata drop column scan`);
  }
}
