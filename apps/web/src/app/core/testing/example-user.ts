import type { User } from '@homeserver/dto';

export function exampleUser(values: Partial<User> = {}): User {
  return {
    id: '0198c0da-5555-7c5b-9a51-0d5a3b1f2e4c',
    username: 'anna',
    displayName: 'Anna Muster',
    role: 'admin',
    disabled: false,
    createdAt: '2026-08-01T09:12:00.000Z',
    lastSeenAt: null,
    usedBytes: 0,
    quotaBytes: null,
    ...values,
  };
}
