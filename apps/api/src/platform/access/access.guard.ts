import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';

import { ACCESS, type AccessRule } from './access.decorator';
import { AccessDeniedError, SessionRequiredError, SignInRequiredError } from './access.errors';
import type { Actor } from './actor';
import { Authentication } from './authentication';
import { LiveAccess } from './live-access.service';

/** Denies by default: a route without a declaration lets nobody in. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly authentication: Authentication,
    private readonly liveAccess: LiveAccess,
  ) {}

  /** @throws SignInRequiredError (401), AccessDeniedError and SessionRequiredError (403) */
  async canActivate(context: ExecutionContext): Promise<boolean> {
    // Sockets are checked before their upgrade, by the socket adapter.
    if (context.getType() !== 'http') return true;
    const rule = this.reflector.getAllAndOverride<AccessRule | undefined>(ACCESS, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (rule === 'public') return true;
    if (rule === undefined) throw new AccessDeniedError();
    const request = context.switchToHttp().getRequest<Request>();
    const actor = await this.authentication.authenticate(request);
    if (actor === null) throw new SignInRequiredError();
    requireRule(actor, rule);
    request.actor = actor;
    this.endWithCredential(actor, request, context.switchToHttp().getResponse<Response>());
    return true;
  }

  /** What takes long, such as an upload, does not outlive the session that it came by. */
  private endWithCredential(actor: Actor, request: Request, response: Response): void {
    const release = this.liveAccess.hold(actor, null, () => {
      if (!response.writableEnded) request.destroy();
    });
    response.once('close', release);
  }
}

/** @throws AccessDeniedError, SessionRequiredError */
function requireRule(actor: Actor, rule: Exclude<AccessRule, 'public'>): void {
  if (rule === 'actor') return;
  if (rule === 'session') {
    if (actor.credential.kind !== 'session') throw new SessionRequiredError();
    return;
  }
  if (!actor.scopes.includes(rule)) throw new AccessDeniedError();
}
