import type { Role, Scope } from '@homeserver/dto';

/** What somebody has come in with. When it ends, so does everything that is under way by it. */
export interface Credential {
  readonly kind: 'session' | 'token';
  readonly id: string;
}

/** Who is calling, and what they may do here. On which drives is a matter of their grants. */
export interface Actor {
  readonly userId: string;
  readonly username: string;
  readonly role: Role;
  /** Whether what they upload is limited. */
  readonly hasQuota: boolean;
  /** What their role may do; with a token no more than the token may. */
  readonly scopes: readonly Scope[];
  readonly credential: Credential;
  /** Where the call comes from, for the audit log. */
  readonly clientAddress: string;
  /** When the person last proved who they are; null with a token, which proves nothing of a person. */
  readonly confirmedAt: Date | null;
}

/** Who causes an event: what the log keeps about them. */
export interface Cause {
  /** null: nobody that has an account. */
  readonly userId: string | null;
  readonly username: string | null;
  readonly clientAddress: string;
}
