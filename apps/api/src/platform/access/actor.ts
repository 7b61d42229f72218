export const SCOPES = [
  'files:read',
  'files:write',
  'monitoring:read',
  'events:read',
  'shares:write',
  'admin',
] as const;

export type Scope = (typeof SCOPES)[number];

/** Who is calling. Until there are accounts every caller is the one built-in actor. */
export interface Actor {
  readonly id: string;
  readonly scopes: readonly Scope[];
}

export const BUILT_IN_ACTOR: Actor = { id: 'built-in', scopes: SCOPES };
