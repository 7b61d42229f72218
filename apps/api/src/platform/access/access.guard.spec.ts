import { type ExecutionContext, Get } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { describe, expect, it } from '@jest/globals';

import { DomainError } from '../http/domain-error';
import { Access, Public } from './access.decorator';
import { AccessGuard } from './access.guard';
import { BUILT_IN_ACTOR } from './actor';

class Routes {
  @Get('open')
  @Public()
  open(): void {}

  @Get('scoped')
  @Access('files:read')
  scoped(): void {}

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

const guard = new AccessGuard(new Reflector());

function contextOf(
  type: typeof Routes | typeof OpenRoutes,
  handler: () => void,
  request: object,
): ExecutionContext {
  return new ExecutionContextHost([request, {}], type, handler);
}

describe('AccessGuard', () => {
  it('should let everybody in, without an actor, when the route is public', () => {
    const request = {};

    expect(guard.canActivate(contextOf(Routes, Routes.prototype.open, request))).toBe(true);
    expect(request).toEqual({});
  });

  it('should let in the actor, and name it in the request, when it has the scope', () => {
    const request = {};

    expect(guard.canActivate(contextOf(Routes, Routes.prototype.scoped, request))).toBe(true);
    expect(request).toEqual({ actor: BUILT_IN_ACTOR });
  });

  it('should let nobody in when the route declares nothing', () => {
    const context = contextOf(Routes, Routes.prototype.forgotten, {});

    expect(() => guard.canActivate(context)).toThrow(DomainError);
    expect(() => guard.canActivate(context)).toThrow(
      expect.objectContaining({ status: 403, code: 'access.denied' }),
    );
  });

  it('should go by the controller when the route itself declares nothing', () => {
    expect(guard.canActivate(contextOf(OpenRoutes, OpenRoutes.prototype.inherited, {}))).toBe(true);
  });

  it('should go by the route when it declares something else than its controller', () => {
    const request = {};

    guard.canActivate(contextOf(OpenRoutes, OpenRoutes.prototype.narrowed, request));
    expect(request).toEqual({ actor: BUILT_IN_ACTOR });
  });
});
