import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Where inodes tell nothing, a folder that came is looked for among those of its time of change. */
export class FoldersByTime1790000004100 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `create index file_metadata_folders_by_time on file_metadata (drive_id, modified_at) where kind = 'folder'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index file_metadata_folders_by_time`);
  }
}
