import { setTimeout as delay } from 'node:timers/promises';

import { Injectable } from '@nestjs/common';
import { InjectDataSource } from '@nestjs/typeorm';
import { DataSource } from 'typeorm';

const ANSWERS_WITHIN_MS = 5000;

@Injectable()
export class DatabaseProbe {
  constructor(@InjectDataSource() private readonly dataSource: DataSource) {}

  /** Whether the database answers now. */
  async answers(): Promise<boolean> {
    try {
      return await Promise.race([
        this.dataSource.query('select 1').then(() => true),
        delay(ANSWERS_WITHIN_MS, false, { ref: false }),
      ]);
    } catch {
      return false; // whatever the reason: it cannot be worked with
    }
  }
}
