import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { Inject, Injectable } from '@nestjs/common';

import { uuid7 } from '../database/uuid7';
import { writeDurably } from '../filesystem/durable-file.adapter';
import { CONFIG, type Config } from './config';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

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

/** A file that holds no id, such as one of a disk that was full, counts as absent. */
function readOrMake(file: string): string {
  const present = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (UUID.test(present)) return present;
  const id = uuid7();
  writeDurably(file, `${id}\n`);
  return id;
}
