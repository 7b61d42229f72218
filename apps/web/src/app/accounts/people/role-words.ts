import type { Role } from '@homeserver/dto';
import type { Choice } from '@homeserver/ui';

export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  admin: 'Administrator',
  member: 'Member',
  guest: 'Guest',
};

/** What each role is for, in a line. */
export const ROLE_HINTS: Readonly<Record<Role, string>> = {
  admin: 'Sees and changes everything, also who may sign in.',
  member: 'Has a drive of their own, the drives you grant, the dashboard, and may share.',
  guest: 'Has a drive of their own and the drives you grant, without the dashboard.',
};

export const ROLES: readonly Role[] = ['admin', 'member', 'guest'];

/** The role that a choice in the page stands for. */
export function roleOf(value: string): Role {
  return ROLES.find((role) => role === value) ?? 'guest';
}

export const ROLE_CHOICES: readonly Choice[] = ROLES.map((role) => ({
  value: role,
  label: ROLE_NAMES[role],
}));
