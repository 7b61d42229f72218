import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request } from 'express';

import { DomainError } from '../http/domain-error';
import { ACCESS, type AccessRule } from './access.decorator';
import { BUILT_IN_ACTOR } from './actor';

/** Denies by default: a route without a declaration lets nobody in. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    // Sockets are checked before their upgrade, by the socket adapter.
    if (context.getType() !== 'http') return true;
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule === 'public') return true;
    if (rule === undefined || !BUILT_IN_ACTOR.scopes.includes(rule)) {
      throw new DomainError('access.denied', 403, 'You may not do this here.');
    }
    context.switchToHttp().getRequest<Request>().actor = BUILT_IN_ACTOR;
    return true;
  }
}
