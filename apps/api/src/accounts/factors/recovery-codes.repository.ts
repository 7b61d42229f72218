import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

@Injectable()
export class RecoveryCodesRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Keeps these codes; the former ones are void. None: there are none any more. */
  async replace(
    userId: string,
    codeHashes: readonly Buffer[],
    manager: EntityManager,
  ): Promise<void> {
    await manager.query(`delete from recovery_codes where user_id = $1`, [userId]);
    await manager.query(
      `insert into recovery_codes (user_id, code_hash) select $1, unnest($2::bytea[])`,
      [userId, codeHashes],
    );
  }

  /** Uses a code up, which of many at once only one can. @returns false when it is none of this user's */
  async use(userId: string, codeHash: Buffer, manager: EntityManager): Promise<boolean> {
    const [, count]: [unknown, number] = await manager.query(
      `delete from recovery_codes where user_id = $1 and code_hash = $2`,
      [userId, codeHash],
    );
    return count > 0;
  }

  /** How many are left. */
  async count(userId: string, manager: EntityManager = this.dataSource.manager): Promise<number> {
    const rows: { count: number }[] = await manager.query(
      `select count(*)::int as count from recovery_codes where user_id = $1`,
      [userId],
    );
    return rows[0]?.count ?? 0;
  }
}
