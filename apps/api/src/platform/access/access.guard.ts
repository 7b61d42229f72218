import { type CanActivate, type ExecutionContext, Injectable } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { Request, Response } from 'express';

import { ACCESS, type AccessRule } from './access.decorator';
import { AccessDeniedError } from './access.errors';
import { RequestAdmission } from './request-admission.service';

/** Denies by default: a route without a declaration lets nobody in. */
@Injectable()
export class AccessGuard implements CanActivate {
  constructor(
    private readonly reflector: Reflector,
    private readonly admission: RequestAdmission,
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
    const http = context.switchToHttp();
    await this.admission.admit(http.getRequest<Request>(), http.getResponse<Response>(), rule);
    return true;
  }
}
