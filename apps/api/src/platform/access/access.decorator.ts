import { createParamDecorator, type ExecutionContext, SetMetadata } from '@nestjs/common';
import type { Scope } from '@homeserver/dto';
import type { Request } from 'express';

import type { Actor } from './actor';

export const ACCESS = 'homeserver:access';

/**
 * What a route asks of its caller: a scope; that it is somebody (`actor`); that it is a person in a browser
 * (`session`); nothing (`public`). A route without a rule is closed to everybody.
 */
export type AccessRule = Scope | 'actor' | 'session' | 'public';

/** Lets in actors that meet the rule. */
export const Access = (rule: Scope | 'actor' | 'session') =>
  SetMetadata<string, AccessRule>(ACCESS, rule);

/** Lets in everybody, without an actor. */
export const Public = () => SetMetadata<string, AccessRule>(ACCESS, 'public');

/** The actor of the request, for the parameter of a handler that is not public. */
export const CurrentActor = createParamDecorator((_: unknown, context: ExecutionContext): Actor => {
  const { actor } = context.switchToHttp().getRequest<Request>();
  if (actor === undefined) throw new Error('A public route has no actor.');
  return actor;
});
