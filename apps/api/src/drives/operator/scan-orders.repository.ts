import type { MassRemoval, DriveState } from '@homeserver/dto';
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
  /** Entries that it has looked at: of folders that have not changed none. */
  readonly seenCount: number;
  /** Entries of the drive in the index. */
  readonly entryCount: number;
  readonly problem: string | null;
  readonly attention: MassRemoval | null;
}

/** As the driver gives it: whole numbers beyond 53 bits are texts. */
type RawScanReport = Omit<ScanReport, 'seenCount' | 'entryCount'> &
  Record<'seenCount' | 'entryCount', string>;

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
    const rows: RawScanReport[] = await this.dataSource.query(
      `select j.state, j.progress_done as "seenCount", j.problem ->> 'detail' as problem, d.attention,
         coalesce(r.file_count + r.folder_count, 0) + coalesce((
           select sum(c.file_count + c.folder_count) from folder_totals_changes c where c.drive_id = d.id
         ), 0) as "entryCount"
       from jobs j left join drives d on d.id = j.drive_id left join file_metadata r on r.id = d.root_folder_id
       where j.id = $1`,
      [jobId],
    );
    const [row] = rows;
    if (row === undefined) return null;
    return { ...row, seenCount: Number(row.seenCount), entryCount: Number(row.entryCount) };
  }
}
