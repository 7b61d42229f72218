import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Administrators change tags on read-only drives, too: that a drive is read-only is not a matter of grants. */
export class ReadOnlyGrants1790000013000 implements MigrationInterface {
  name = 'ReadOnlyGrants1790000013000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `update drive_grants g set access = 'write' from drives d, users u
       where d.id = g.drive_id and u.id = g.user_id and d.read_only and u.role = 'admin' and g.access = 'read'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `update drive_grants g set access = 'read' from drives d, users u
       where d.id = g.drive_id and u.id = g.user_id and d.read_only and u.role = 'admin' and g.access = 'write'`,
    );
  }
}
