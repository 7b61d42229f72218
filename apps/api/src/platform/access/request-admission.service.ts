import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';

import type { AccessRule } from './access.decorator';
import { AccessDeniedError, SessionRequiredError, SignInRequiredError } from './access.errors';
import type { Actor } from './actor';
import { Authentication } from './authentication';
import { LiveAccess } from './live-access.service';

/** Lets requests in, whichever way they are answered then. */
@Injectable()
export class RequestAdmission {
  constructor(
    private readonly authentication: Authentication,
    private readonly liveAccess: LiveAccess,
  ) {}

  /**
   * Who is calling, where they meet the rule; the request has its actor then, and ends with their credential.
   * @throws SignInRequiredError (401), AccessDeniedError and SessionRequiredError (403)
   */
  async admit(
    request: Request,
    response: Response,
    rule: Exclude<AccessRule, 'public'>,
  ): Promise<Actor> {
    const actor = await this.authentication.authenticate(request);
    if (actor === null) throw new SignInRequiredError();
    requireRule(actor, rule);
    request.actor = actor;
    this.endWithCredential(actor, request, response);
    return actor;
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
