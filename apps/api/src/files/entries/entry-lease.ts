import { Injectable } from '@nestjs/common';

/** The writes that this process is busy with, so that recovery leaves them alone. */
@Injectable()
export class EntryLease {
  private readonly busy = new Set<string>();

  /** Does the work as the holder of the entry. */
  async hold<Result>(entryId: string, work: () => Promise<Result>): Promise<Result> {
    this.busy.add(entryId);
    try {
      return await work();
    } finally {
      this.busy.delete(entryId);
    }
  }

  isHeld(entryId: string): boolean {
    return this.busy.has(entryId);
  }
}
