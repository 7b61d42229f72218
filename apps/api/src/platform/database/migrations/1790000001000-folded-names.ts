import type { MigrationInterface, QueryRunner } from 'typeorm';

const ROWS_AT_ONCE = 1000;

/** What names are searched by: filled by the program, for PostgreSQL folds no accents by itself. */
export class FoldedNames1790000001000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table file_metadata add column folded_name text collate "C"`);
    let after = '00000000-0000-0000-0000-000000000000';
    for (;;) {
      const rows: { id: string; filename: string }[] = await runner.manager.query(
        `select id, filename from file_metadata where id > $1 order by id limit $2`,
        [after, ROWS_AT_ONCE],
      );
      const last = rows.at(-1);
      if (last === undefined) break;
      await runner.query(
        `update file_metadata f set folded_name = n.folded
         from unnest($1::uuid[], $2::text[]) as n (id, folded) where f.id = n.id`,
        [rows.map(({ id }) => id), rows.map(({ filename }) => fold(filename))],
      );
      after = last.id;
    }
    await runner.query(`alter table file_metadata alter column folded_name set not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table file_metadata drop column folded_name`);
  }
}

/** As the program folded names when this migration was written. */
function fold(name: string): string {
  return name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .normalize('NFC');
}
