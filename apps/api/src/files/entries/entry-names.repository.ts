import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

/** Looks before a leap: what is told here may have changed a moment later. */
@Injectable()
export class EntryNames {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  async isTaken(parentId: string, filename: string): Promise<boolean> {
    const rows: unknown[] = await this.dataSource.query(
      `select 1 from file_metadata where parent_id = $1 and filename = $2 and state <> 'missing'`,
      [parentId, filename],
    );
    return rows.length > 0;
  }
}
