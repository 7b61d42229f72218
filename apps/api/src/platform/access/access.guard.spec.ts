import { EventEmitter } from 'node:events';

import { type ExecutionContext, Get } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from '@jest/globals';
import { pino } from 'pino';

import { SOMEBODY } from '../../../test/actors';
import { Access, Public } from './access.decorator';
import { AccessGuard } from './access.guard';
import type { Actor } from './actor';
import { Authentication } from './authentication';
import { LiveAccess } from './live-access.service';
import { RequestAdmission } from './request-admission.service';

class Routes {
  @Get('open')
  @Public()
  open(): void {}

  @Get('scoped')
  @Access('files:read')
  scoped(): void {}

  @Get('personal')
  @Access('session')
  personal(): void {}

  @Get('anybody')
  @Access('actor')
  anybody(): void {}

  @Get('forgotten')
  forgotten(): void {}
}

@Public()
class OpenRoutes {
  @Get('inherited')
  inherited(): void {}

  @Get('narrowed')
  @Access('admin')
  narrowed(): void {}
}

const READER: Actor = { ...SOMEBODY, role: 'guest', scopes: ['files:read'] };
const TOKEN: Actor = { ...READER, credential: { kind: 'token', id: SOMEBODY.credential.id } };

class Known extends Authentication {
  constructor(private readonly actor: Actor | null) {
    super();
  }

  override async authenticate(): Promise<Actor | null> {
    return this.actor;
  }

  override async findActors(): Promise<Actor[]> {
    return this.actor === null ? [] : [this.actor];
  }
}

/** What comes of a call of a handler by somebody. */
async function outcomeOf(
  type: typeof Routes | typeof OpenRoutes,
  handler: () => void,
  actor: Actor | null,
): Promise<unknown> {
  const authentication = new Known(actor);
  const liveAccess = new LiveAccess(authentication, pino({ level: 'silent' }));
  const request: { actor?: Actor } = {};
  const context: ExecutionContext = new ExecutionContextHost(
    [request, new EventEmitter()],
    type,
    handler,
  );
  try {
    const admission = new RequestAdmission(authentication, liveAccess);
    await new AccessGuard(new Reflector(), admission).canActivate(context);
    return request.actor ?? 'nobody';
  } catch (error) {
    return error;
  } finally {
    liveAccess.onApplicationShutdown();
  }
}

const { open, scoped, personal, anybody, forgotten } = Routes.prototype;

describe('AccessGuard', () => {
  it('should let everybody in, without an actor, when the route is public', async () => {
    expect(await outcomeOf(Routes, open, null)).toBe('nobody');
  });

  it('should let nobody in unknown when the route is not', async () => {
    for (const handler of [scoped, personal, anybody]) {
      expect(await outcomeOf(Routes, handler, null)).toMatchObject({
        status: 401,
        code: 'accounts.sign_in_required',
      });
    }
  });

  it('should let in the actor, and name it in the request, when it has the scope', async () => {
    expect(await outcomeOf(Routes, scoped, READER)).toBe(READER);
    expect(await outcomeOf(Routes, scoped, { ...READER, scopes: ['files:write'] })).toMatchObject({
      status: 403,
      code: 'access.denied',
    });
  });

  it('should let in a person alone when the route is for one', async () => {
    expect(await outcomeOf(Routes, personal, READER)).toBe(READER);
    expect(await outcomeOf(Routes, personal, TOKEN)).toMatchObject({
      status: 403,
      code: 'accounts.session_required',
    });
    expect(await outcomeOf(Routes, anybody, TOKEN)).toBe(TOKEN);
  });

  it('should let nobody in when the route declares nothing', async () => {
    expect(await outcomeOf(Routes, forgotten, SOMEBODY)).toMatchObject({
      status: 403,
      code: 'access.denied',
    });
  });

  it('should go by the controller when the route itself declares nothing', async () => {
    expect(await outcomeOf(OpenRoutes, OpenRoutes.prototype.inherited, null)).toBe('nobody');
  });

  it('should go by the route when it declares something else than its controller', async () => {
    expect(await outcomeOf(OpenRoutes, OpenRoutes.prototype.narrowed, READER)).toMatchObject({
      status: 403,
    });
    expect(await outcomeOf(OpenRoutes, OpenRoutes.prototype.narrowed, SOMEBODY)).toBe(SOMEBODY);
  });
});
