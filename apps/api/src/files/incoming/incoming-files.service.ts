import type { ScanMark } from '@homeserver/dto';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';

import type { ServedDrive, StagedFile } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { CONFIG, type Config } from '../../platform/config/config';
import { EventTransactions } from '../../platform/events/event-transactions';
import { LOGGER } from '../../platform/logging/logging.module';
import { InfectedError, ScannerUnavailableError, UnscannableError } from '../files.errors';
import { ClamdAdapter } from './clamd.adapter';
import type { Verdict } from './clamd-reply';
import { requireAcceptedType } from './type-rules';

/** An upload before its commit. */
export interface IncomingFile {
  readonly drive: ServedDrive;
  readonly staged: Pick<StagedFile, 'stagedName'>;
  readonly filename: string;
  readonly contentType: string;
  readonly actor: Actor;
}

/** Decides what may become a file of a drive. */
@Injectable()
export class IncomingFiles {
  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly clamd: ClamdAdapter,
    private readonly transactions: EventTransactions,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * @returns what is to be noted of the scan; null where there is no scanner
   * @throws TypeRefusedError; InfectedError: its staged bytes are gone; ScannerUnavailableError, UnscannableError as the administrator
   * chose; ContentMissingError, DriveOfflineError
   */
  async admit(file: IncomingFile): Promise<ScanMark | null> {
    requireAcceptedType(file.drive, file);
    if (this.config.virusScanner === null) return null;
    const verdict = await this.scan(file);
    if (verdict.kind === 'clean') return 'clean';
    if (verdict.kind === 'infected') return this.refuseInfected(file, verdict.signature);
    if (verdict.kind === 'unavailable')
      this.logger.warn({ err: verdict.cause }, 'The virus scanner does not answer.');
    if (this.config.virusScanner.unavailable === 'accept') return 'not_scanned';
    throw verdict.kind === 'unavailable'
      ? new ScannerUnavailableError(verdict.cause)
      : new UnscannableError(file.filename, verdict.reason);
  }

  private async scan({ drive, staged }: IncomingFile): Promise<Verdict> {
    const file = await drive.storage.openStaged(staged.stagedName);
    try {
      return await this.clamd.scan(file);
    } finally {
      await file.close();
    }
  }

  private async refuseInfected(
    { drive, staged, filename, actor }: IncomingFile,
    signature: string,
  ): Promise<never> {
    // It does not lie about for a second attempt. What cannot be removed now is found by recovery.
    await drive.storage.removeStaged(staged.stagedName).catch(() => undefined);
    await this.transactions.run(({ record }) =>
      record({
        type: 'homeserver.user.upload_infected',
        subject: `users/${actor.userId}`,
        driveId: null,
        audience: 'administrators',
        cause: actor,
        data: { username: actor.username, detail: `${filename}: ${signature}` },
      }),
    );
    throw new InfectedError(filename, signature);
  }
}
