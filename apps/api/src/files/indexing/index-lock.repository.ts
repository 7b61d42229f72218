import type { Client } from 'pg';

/** Of the advisory locks, those of who looks after the index of a drive. */
const INDEX_LOCK = 7_210_002;

/** Several processes may serve a drive, but one of them brings its index together with the disk. */
export class IndexLock {
  constructor(private readonly client: Client) {}

  /** Whether this process is now the one that looks after a drive; as long as the connection lasts. */
  async claim(driveId: string): Promise<boolean> {
    const { rows } = await this.client.query<{ isOurs: boolean }>(
      `select pg_try_advisory_lock($1, hashtext($2)) as "isOurs"`,
      [INDEX_LOCK, driveId],
    );
    return rows[0]?.isOurs ?? false;
  }

  async release(driveId: string): Promise<void> {
    await this.client.query(`select pg_advisory_unlock($1, hashtext($2))`, [INDEX_LOCK, driveId]);
  }
}
