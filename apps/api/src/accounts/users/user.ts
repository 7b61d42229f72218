import type { Role, User } from '@homeserver/dto';

/** Somebody who may sign in, as the domain knows them. */
export interface UserRow {
  readonly id: string;
  readonly username: string;
  readonly displayName: string;
  readonly role: Role;
  readonly disabled: boolean;
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
  /** As the driver gives it. */
  readonly usedBytes: string;
  readonly quotaBytes: string | null;
}

/** What a sign-in is checked against. */
export interface UserSecrets extends UserRow {
  /** null: there is no password, the person comes in another way. */
  readonly passwordHash: string | null;
  readonly secondFactorRequired: boolean;
}

/** What a password, and the second factor beside it, were checked against. */
export type CheckedSecrets = Pick<UserSecrets, 'passwordHash' | 'secondFactorRequired'>;

export function toUser(row: UserRow): User {
  const {
    id,
    username,
    displayName,
    role,
    disabled,
    createdAt,
    lastSeenAt,
    usedBytes,
    quotaBytes,
  } = row;
  return {
    id,
    username,
    displayName,
    role,
    disabled,
    createdAt: createdAt.toISOString(),
    lastSeenAt: lastSeenAt?.toISOString() ?? null,
    // It may be below 0 for a moment, where something is counted out that was never counted in.
    usedBytes: Math.max(0, Number(usedBytes)),
    quotaBytes: quotaBytes === null ? null : Number(quotaBytes),
  };
}
