import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

/** How often something may be tried in how long. */
export interface AttemptLimit {
  readonly key: string;
  readonly count: number;
  readonly windowSeconds: number;
}

@Injectable()
export class AttemptsRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /**
   * Counts one attempt, before it is made: of many at once no more get through than one after the other.
   * @returns the seconds to wait when it is one too many; 0 when it may be made
   */
  async take({ key, count, windowSeconds }: AttemptLimit): Promise<number> {
    const rows: { count: number; waitSeconds: number }[] = await this.dataSource.query(
      `insert into secret_attempts as a (key, count, window_ends_at) values ($1, 1, now() + make_interval(secs => $2))
       on conflict (key) do update set
         count = case when a.window_ends_at <= now() then 1 else least(a.count + 1, $3 + 1) end,
         window_ends_at = case when a.window_ends_at <= now() then excluded.window_ends_at else a.window_ends_at end
       returning count, ceil(extract(epoch from window_ends_at - now()))::int as "waitSeconds"`,
      [key, windowSeconds, count],
    );
    const row = rows[0];
    return row === undefined || row.count <= count ? 0 : Math.max(1, row.waitSeconds);
  }

  /** Takes one attempt back: it was right, so it says nothing against who made it. */
  async giveBack(key: string): Promise<void> {
    await this.dataSource.query(
      `update secret_attempts set count = count - 1 where key = $1 and count > 0`,
      [key],
    );
  }

  async forget(key: string): Promise<void> {
    await this.dataSource.query(`delete from secret_attempts where key = $1`, [key]);
  }

  async deleteOver(): Promise<void> {
    await this.dataSource.query(`delete from secret_attempts where window_ends_at <= now()`);
  }
}
