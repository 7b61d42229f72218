import { describe, expect, it } from '@jest/globals';

import { InstanceIdentity } from '../../platform/config/instance-identity.adapter';
import { EntryLease } from './entry-lease';

describe('the lease of an entry', () => {
  it('should stay held when another one who wanted the same is refused', async () => {
    const lease = new EntryLease(new InstanceIdentity({ dataDir: '' }));
    let end: () => void = () => undefined;
    const first = lease.hold('entry', () => new Promise<void>((resolve) => (end = resolve)));
    await lease
      .hold('entry', () => Promise.reject(new Error('Somebody else is at it.')))
      .catch(() => undefined);

    expect(lease.isHeld('entry')).toBe(true);
    end();
    await first;
    expect(lease.isHeld('entry')).toBe(false);
  });
});
