import type { DriveState } from '@homeserver/dto';
import {
  Inject,
  Injectable,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { isDatabaseAway } from '../platform/database/database-errors';
import { EventTransactions } from '../platform/events/event-transactions';
import { LOGGER } from '../platform/logging/logging.module';
import { isIdentical } from './drive-identity';
import { DrivesRepository } from './drives.repository';
import { DrivesService } from './drives.service';
import type { ServedDrive } from './served-drive';

/** With the patience of a look this is how late a change is noticed: it must be below ten seconds. */
const LOOK_EVERY_MS = 4000;

const WORDS: Record<DriveState, string> = {
  online: 'is there again',
  offline: 'is away',
  replaced: 'is away: another disk lies in its place',
};

/** Looks after all drives: notices by itself when one is unplugged, is there again, or another disk is in its place. */
@Injectable()
export class DriveWatch implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly checking = new Map<string, Promise<void>>();
  private timer: NodeJS.Timeout | null = null;
  private isWanted = false;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly drives: DrivesService,
    private readonly repository: DrivesRepository,
    private readonly transactions: EventTransactions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  onApplicationBootstrap(): void {
    this.drives.onDoubtfulState(() => this.lookAtAll());
    this.timer = setInterval(() => this.lookAtAll(), LOOK_EVERY_MS);
    this.timer.unref();
    this.lookAtAll();
  }

  async onModuleDestroy(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    this.timer = null;
    await this.round;
    await Promise.all(this.checking.values());
  }

  /** Calls while it looks make it look once more. */
  private lookAtAll(): void {
    if (this.isWanted) return;
    this.isWanted = true;
    this.round = this.round.then(async () => {
      this.isWanted = false;
      if (this.timer === null) return;
      try {
        // Another process may have added one, or have noted a change: what is seen is newer than what is read here.
        await this.drives.serveAll();
      } catch (error) {
        this.report(error, 'The drives are read again in a moment.');
      }
      for (const drive of this.drives.list()) void this.check(drive);
    });
  }

  private async check(drive: ServedDrive): Promise<void> {
    if (this.timer === null) return;
    const check = this.checking.get(drive.id) ?? this.checkOnce(drive);
    this.checking.set(drive.id, check);
    return check;
  }

  private async checkOnce(drive: ServedDrive): Promise<void> {
    try {
      const { state, identity } = await this.drives.see(drive);
      if (state === 'online' && identity !== null && !isIdentical(drive.identity, identity))
        await this.repository.setIdentity(drive.id, identity);
      if (state !== drive.state) await this.note(drive, state);
      await this.drives.tellState(drive, state);
    } catch (error) {
      this.report(error, `The drive “${drive.name}” is looked at again in a moment.`);
    } finally {
      this.checking.delete(drive.id);
    }
  }

  /** Of several processes that look, one says it. */
  private async note(drive: ServedDrive, state: DriveState): Promise<void> {
    const change = { from: drive.state, to: state };
    const isFirst = await this.transactions.run(async ({ manager, record }) => {
      if (!(await this.repository.changeState(drive.id, change, manager))) return false;
      await record({
        type: `homeserver.drive.${state}`,
        subject: `drives/${drive.id}`,
        driveId: drive.id,
        audience: 'drive',
        cause: null,
        data: { driveName: drive.name },
      });
      return true;
    });
    if (!isFirst) return;
    const line = `The drive “${drive.name}” ${WORDS[state]}.`;
    if (state === 'online') this.logger.info({ drive: drive.id }, line);
    else this.logger.warn({ drive: drive.id, place: drive.place }, line);
  }

  private report(error: unknown, line: string): void {
    if (isDatabaseAway(error)) this.logger.debug({ err: error }, line);
    else this.logger.warn({ err: error }, line);
  }
}
