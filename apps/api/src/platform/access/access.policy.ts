import type { Scope } from '@homeserver/dto';

import { AccessDeniedError } from './access.errors';
import type { Actor } from './actor';

/** For a part of a call that asks for more than its route does. @throws AccessDeniedError (403) */
export function requireScope(actor: Actor, scope: Scope): void {
  if (!actor.scopes.includes(scope)) throw new AccessDeniedError();
}
