import type { Health } from '@homeserver/dto';
import { Inject, Injectable } from '@nestjs/common';

import { DrivesService } from '../drives';
import { CONFIG, type Config } from '../platform/config/config';
import { DatabaseProbe } from '../platform/database/database-probe.repository';

@Injectable()
export class HealthService {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DatabaseProbe,
    private readonly drives: DrivesService,
  ) {}

  /** Other drives than the default one only show: a disk that was unplugged does not make us unwell. */
  async check(): Promise<Health> {
    const isUp = await this.database.answers();
    const states = await Promise.all(
      this.drives
        .list()
        // That there are persons with drives of their own is nobody's business here.
        .filter(({ isPersonal }) => !isPersonal)
        .map(async ({ id, isDefault }) => ({
          id,
          isDefault,
          state: await this.drives.stateOf(id),
        })),
    );
    const isDefaultOnline = states.some(({ isDefault, state }) => isDefault && state === 'online');
    return {
      status: isUp && isDefaultOnline ? 'ok' : 'unavailable',
      version: this.config.version,
      database: isUp ? 'up' : 'down',
      drives: states.map(({ id, state }) => ({ id, state })),
    };
  }
}
