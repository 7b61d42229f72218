import { Injectable } from '@nestjs/common';

import { InstanceIdentity } from '../../platform/config/instance-identity.adapter';

/** The writes that this process is busy with, so that recovery leaves them alone. */
@Injectable()
export class EntryLease {
  /** How many are busy with each: two may want the same, and one of them is refused while the other goes on. */
  private readonly busy = new Map<string, number>();

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
    for (const id of entryIds) this.busy.set(id, (this.busy.get(id) ?? 0) + 1);
    try {
      return await work();
    } finally {
      for (const id of entryIds) this.leave(id);
    }
  }

  isHeld(entryId: string): boolean {
    return this.busy.has(entryId);
  }

  private leave(entryId: string): void {
    const others = (this.busy.get(entryId) ?? 0) - 1;
    if (others > 0) this.busy.set(entryId, others);
    else this.busy.delete(entryId);
  }
}
