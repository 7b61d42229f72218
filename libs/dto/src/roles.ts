/** What an actor may do; each route asks for one of them. */
export const SCOPES = [
  'files:read',
  'files:write',
  'monitoring:read',
  'events:read',
  'shares:write',
  'admin',
] as const;
export type Scope = (typeof SCOPES)[number];

export const ROLES = ['admin', 'member', 'guest'] as const;
export type Role = (typeof ROLES)[number];

/**
 * What each role may do at most; on which drives is a matter of grants. Here and not beside the schemas, since
 * the frame of the web app asks it before the first page and does without zod.
 */
export const SCOPES_OF_ROLE: Readonly<Record<Role, readonly Scope[]>> = {
  admin: SCOPES,
  member: ['files:read', 'files:write', 'monitoring:read', 'events:read', 'shares:write'],
  guest: ['files:read', 'files:write', 'events:read'],
};
