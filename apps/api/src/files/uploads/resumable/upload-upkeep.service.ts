import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { DrivesService } from '../../../drives';
import { LOGGER } from '../../../platform/logging/logging.module';
import { RegularWork } from '../../../platform/upkeep/regular-work';
import { UploadsRepository } from './uploads.repository';

const LOOK_EVERY_MS = 10 * 60 * 1000;
const AT_ONCE = 100;

/** Removes what has come of uploads that waited for too long, and forgets those that were over a day ago. */
@Injectable()
export class UploadUpkeep implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly regular = new RegularWork();

  constructor(
    private readonly repository: UploadsRepository,
    private readonly drives: DrivesService,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.regular.every(LOOK_EVERY_MS, () => this.tidy(), 0);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.regular.stop();
  }

  async tidy(): Promise<void> {
    try {
      for (;;) {
        const expired = await this.repository.endExpired(AT_ONCE);
        for (const { driveId, stagedName } of expired) await this.remove(driveId, stagedName);
        if (expired.length < AT_ONCE) break;
      }
      await this.repository.deleteOver();
    } catch (error) {
      this.logger.debug({ err: error }, 'Uploads that ran out are looked at again in a while.');
    }
  }

  /** What cannot be removed now is removed by recovery: nothing counts on it any more. */
  private async remove(driveId: string, stagedName: string): Promise<void> {
    try {
      const drive = await this.drives.find(driveId);
      if (!drive.readOnly && (await this.drives.stateOf(driveId)) === 'online')
        await drive.storage.removeStaged(stagedName);
    } catch (error) {
      this.logger.debug({ err: error, stagedName }, 'Staged bytes are removed later.');
    }
  }
}
