import type { IncomingMessage } from 'node:http';

import type { Actor, Credential } from './actor';

/**
 * Finds out who is calling. The port that access to routes and sockets stands on; accounts implement it,
 * for they alone know users, sessions and tokens.
 */
export abstract class Authentication {
  /**
   * The actor of a request, by its session cookie or its token; null when it comes with neither, or with
   * one that has ended.
   * @throws DomainError `accounts.too_many_attempts` (429) when its client has tried too many wrong tokens
   */
  abstract authenticate(request: IncomingMessage): Promise<Actor | null>;

  /** Who still stands behind each of these; those that have ended are left out. */
  abstract findActors(
    credentials: readonly Credential[],
  ): Promise<Pick<Actor, 'credential' | 'scopes'>[]>;
}
