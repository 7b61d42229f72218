import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { Inject, Injectable } from '@nestjs/common';

import { uuid7 } from '../database/uuid7';
import { CONFIG, type Config } from './config';

/**
 * Who this HomeServer is, across restarts: the holder of its leases. Since one process at a time works
 * on a DATA_DIR, what this id still holds at start-up belonged to a process that is gone.
 */
@Injectable()
export class InstanceIdentity {
  private known: string | null = null;

  constructor(@Inject(CONFIG) private readonly config: Pick<Config, 'dataDir'>) {}

  get id(): string {
    this.known ??= readOrMake(path.join(this.config.dataDir, 'instance-id'));
    return this.known;
  }
}

function readOrMake(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  const id = uuid7();
  writeFileSync(`${file}.new`, `${id}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return id;
}
