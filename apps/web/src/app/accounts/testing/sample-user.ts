import type { User } from '@homeserver/dto';

/** A member whose id and names are one, for tests. */
export function sampleUser(name: string, changes: Partial<User> = {}): User {
  return {
    id: name,
    username: name,
    displayName: name,
    role: 'member',
    disabled: false,
    createdAt: '2026-08-01T09:12:00.000Z',
    lastSeenAt: null,
    usedBytes: 0,
    quotaBytes: null,
    ...changes,
  };
}
