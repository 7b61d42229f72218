import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which types of files a drive takes. */
export class TypeRules1790000012100 implements MigrationInterface {
  name = 'TypeRules1790000012100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table drives
        add column accepted_types text[] not null default '{}',
        add column refused_types text[] not null default '{}'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table drives drop column accepted_types, drop column refused_types`);
  }
}
