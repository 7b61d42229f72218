import type { MassRemoval, DriveIndex } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource, type EntityManager } from 'typeorm';

/** What changes of the index of a drive; what is absent stays. */
export interface DriveIndexChange {
  readonly indexState?: DriveIndex['state'];
  readonly watching?: DriveIndex['watching'];
  readonly scannedCount?: number;
  readonly scannedAt?: Date | null;
  readonly fullyScannedAt?: Date | null;
  readonly attention?: MassRemoval | null;
}

const COLUMNS: readonly (readonly [keyof DriveIndexChange, string])[] = [
  ['indexState', 'index_state'],
  ['watching', 'watching'],
  ['scannedCount', 'scanned_count'],
  ['scannedAt', 'scanned_at'],
  ['fullyScannedAt', 'fully_scanned_at'],
  ['attention', 'attention'],
];

/** How far the index of each drive is: written by whoever keeps it, shown with the drives. */
@Injectable()
export class DriveIndexStateRepository {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** @returns false when there is no such drive any more */
  async update(
    driveId: string,
    change: DriveIndexChange,
    manager: EntityManager = this.dataSource.manager,
  ): Promise<boolean> {
    const changed = COLUMNS.filter(([name]) => change[name] !== undefined);
    if (changed.length === 0) return true;
    const [rows]: [unknown[], number] = await manager.query(
      `update drives set ${changed.map(([, column], index) => `${column} = $${index + 2}`).join(', ')}
       where id = $1 returning id`,
      [driveId, ...changed.map(([name]) => change[name])],
    );
    return rows.length > 0;
  }
}
