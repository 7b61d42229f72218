import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Request } from 'express';

import type { Actor, Scope } from './actor';

export const ACCESS = 'homeserver:access';

/** What a route asks of its caller. A route without it is closed to everybody. */
export type AccessRule = Scope | 'public';

/** Lets in actors that have the scope. */
export const Access = (scope: Scope) => SetMetadata<string, AccessRule>(ACCESS, scope);

/** Lets in everybody, without an actor. */
export const Public = () => SetMetadata<string, AccessRule>(ACCESS, 'public');

/** The actor of the request, for the parameter of a handler that is not public. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<Request>();
  if (actor === undefined) throw new Error('A public route has no actor.');
  return actor;
});
