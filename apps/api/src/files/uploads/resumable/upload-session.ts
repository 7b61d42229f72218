import type { UploadLease } from './upload';
import { UploadBusyError } from './uploads.errors';
import type { UploadsRepository } from './uploads.repository';

/** Of the ten seconds that a lease lasts: after this nothing is written on the strength of it. */
const TRUSTED_MS = 7000;
const RENEW_EVERY_MS = 3000;

/** The right to write to an upload while a request works on it. */
export class UploadSession {
  private renewedAt = performance.now();

  constructor(
    private readonly repository: UploadsRepository,
    readonly lease: UploadLease,
  ) {}

  /** To be asked before each write: a process that was held up may have lost its right. @throws UploadBusyError */
  async requireLease(): Promise<void> {
    if (performance.now() - this.renewedAt < TRUSTED_MS) return;
    await this.during(() => this.repository.renew(this.lease));
  }

  /** The bytes are on the disk up to there. @throws UploadBusyError when the right was lost */
  async saveOffset(offset: number): Promise<void> {
    await this.during(() => this.repository.saveOffset(this.lease, offset));
  }

  /** The same, and the right is given back. @throws UploadBusyError when it was lost */
  async saveOffsetAndRelease(offset: number): Promise<void> {
    await this.during(() => this.repository.saveOffsetAndRelease(this.lease, offset));
  }

  async release(): Promise<void> {
    await this.repository.release(this.lease);
  }

  /** Keeps the right while something goes on that takes as long as it takes. */
  async keepDuring<Result>(work: () => Promise<Result>): Promise<Result> {
    const timer = setInterval(() => {
      // Where the database is away the work itself fails at its end.
      this.repository.renew(this.lease).catch(() => undefined);
    }, RENEW_EVERY_MS);
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  private async during(update: () => Promise<boolean>): Promise<void> {
    const askedAt = performance.now();
    if (!(await update())) throw new UploadBusyError();
    this.renewedAt = askedAt;
  }
}
