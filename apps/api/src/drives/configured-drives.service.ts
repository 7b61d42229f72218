import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { CONFIG, type Config } from '../platform/config/config';
import { ConfigError } from '../platform/config/config-error';
import type { ConfiguredDrive } from '../platform/config/drives.config';
import { DomainError } from '../platform/http/domain-error';
import { LOGGER } from '../platform/logging/logging.module';
import { DriveAdditions } from './drive-additions.service';
import { DriveAdministration } from './drive-administration.service';
import { DriveRelocation } from './drive-relocation.service';
import { DriveOfflineError, RootRefusedError } from './drives.errors';

const LOOK_EVERY_MS = 60_000;

/** Adds the drives that the environment names, and serves them as it says. One that it no longer names stays. */
@Injectable()
export class ConfiguredDrives implements OnApplicationBootstrap, OnModuleDestroy {
  private awaited: ConfiguredDrive[] = [];
  private timer: NodeJS.Timeout | null = null;
  private looking: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly relocation: DriveRelocation,
    private readonly additions: DriveAdditions,
    private readonly administration: DriveAdministration,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** @throws ConfigError when a folder cannot become a drive, whatever is plugged in */
  async onApplicationBootstrap(): Promise<void> {
    for (const drive of this.config.drives) {
      try {
        if (await this.serve(drive)) continue;
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        throw new ConfigError(`DRIVES has “${drive.name}=${drive.path}”. ${error.message}`);
      }
      this.awaited.push(drive);
      this.logger.warn(
        `DRIVES has “${drive.name}=${drive.path}”, and there is no such folder at the moment: it is added when it is there.`,
      );
    }
    if (this.awaited.length === 0) return;
    this.timer = setInterval(() => this.lookAgain(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    await this.looking;
  }

  /** Adds those that have come meanwhile. */
  lookAgain(): void {
    this.looking = this.looking.then(async () => {
      const still: ConfiguredDrive[] = [];
      for (const drive of this.awaited) if (!(await this.serveIfPossible(drive))) still.push(drive);
      this.awaited = still;
    });
  }

  private async serveIfPossible(drive: ConfiguredDrive): Promise<boolean> {
    try {
      return await this.serve(drive);
    } catch (error) {
      this.logger.warn({ err: error }, `“${drive.name}” of DRIVES cannot be added yet.`);
      return false;
    }
  }

  /** @returns false when there is nothing at its path */
  private async serve({ name, path, readOnly }: ConfiguredDrive): Promise<boolean> {
    const known = await this.relocation.findConfigured({ name, path });
    try {
      if (known === null) await this.additions.add({ name, path, readOnly }, null);
      else await this.administration.serveOtherwise(known, { readOnly }, null);
      return true;
    } catch (error) {
      // Only made writable when it is there: until then it is read only.
      if (error instanceof DriveOfflineError) return false;
      if (error instanceof RootRefusedError && error.fault === 'missing') return false;
      throw error;
    }
  }
}
