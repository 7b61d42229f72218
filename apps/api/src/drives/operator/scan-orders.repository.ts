import type { DriveAttention, DriveState } from '@homeserver/dto';
import type { DataSource } from 'typeorm';

import { uuid7 } from '../../platform/database/uuid7';

/** A drive, as far as a scan of it is concerned. */
export interface ScannableDrive {
  readonly id: string;
  readonly name: string;
  readonly state: DriveState;
}

/** How far a scan is. */
export interface ScanReport {
  readonly state: 'queued' | 'running' | 'done' | 'failed' | 'cancelled';
  readonly seenCount: number;
  readonly problem: string | null;
  readonly attention: DriveAttention | null;
}

/** Puts scans in the queue of a server, running or not, for whoever may run programs on the machine. */
export class ScanOrdersRepository {
  constructor(private readonly dataSource: DataSource) {}

  async listDrives(): Promise<ScannableDrive[]> {
    return this.dataSource.query(
      `select id, name, state from drives order by is_default desc, name, id`,
    );
  }

  /** @returns the id of its job: of one that waits or runs already where that does as much */
  async order({ id, name }: ScannableDrive, isFull: boolean): Promise<string> {
    const active: { id: string }[] = await this.dataSource.query(
      `select id from jobs where kind = 'scan' and drive_id = $1 and state in ('queued', 'running')
         and (not $2 or (input ->> 'full')::boolean) order by id limit 1`,
      [id, isFull],
    );
    if (active[0] !== undefined) return active[0].id;
    const jobId = uuid7();
    await this.dataSource.query(
      `insert into jobs (id, kind, state, title, drive_id, input, progress_unit, created_at)
       values ($1, 'scan', 'queued', $2, $3, $4, 'entries', now())`,
      [
        jobId,
        `${isFull ? 'Full scan' : 'Scan'} of “${name}”`,
        id,
        JSON.stringify({ driveId: id, full: isFull }),
      ],
    );
    return jobId;
  }

  /** null when the job is known no more. */
  async report(jobId: string): Promise<ScanReport | null> {
    const rows: (Omit<ScanReport, 'seenCount'> & { seenCount: string })[] =
      await this.dataSource.query(
        `select j.state, j.progress_done as "seenCount", j.problem ->> 'detail' as problem, d.attention
         from jobs j left join drives d on d.id = j.drive_id where j.id = $1`,
        [jobId],
      );
    const [row] = rows;
    return row === undefined ? null : { ...row, seenCount: Number(row.seenCount) };
  }
}
