import { Injectable } from '@nestjs/common';

import { InstanceIdentity } from '../../platform/config/instance-identity.adapter';

/** The writes that this process is busy with, so that recovery leaves them alone. */
@Injectable()
export class EntryLease {
  private readonly busy = new Set<string>();

  constructor(private readonly instance: InstanceIdentity) {}

  /** Who holds the leases of this process in the database. */
  get holder(): string {
    return this.instance.id;
  }

  /** Does the work as the holder of the entry. */
  async hold<Result>(entryId: string, work: () => Promise<Result>): Promise<Result> {
    return this.holdAll([entryId], work);
  }

  /** The same of several. */
  async holdAll<Result>(entryIds: readonly string[], work: () => Promise<Result>): Promise<Result> {
    for (const id of entryIds) this.busy.add(id);
    try {
      return await work();
    } finally {
      for (const id of entryIds) this.busy.delete(id);
    }
  }

  isHeld(entryId: string): boolean {
    return this.busy.has(entryId);
  }
}
