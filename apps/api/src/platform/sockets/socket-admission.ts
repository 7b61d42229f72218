import type { IncomingMessage } from 'node:http';

import type { Scope } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';
import type { WebSocket } from 'ws';

import { AccessDeniedError, SignInRequiredError } from '../access/access.errors';
import type { Actor } from '../access/actor';
import { Authentication } from '../access/authentication';
import { LiveAccess } from '../access/live-access.service';
import { CloseCode } from './close-codes';

/** The request for an upgrade, and what was found out about it. */
export interface SocketRequest {
  readonly request: IncomingMessage;
  readonly query: URLSearchParams;
  readonly actor: Actor;
}

/** What a socket asks of who opens it; `check` throws a DomainError to refuse the upgrade. */
export interface SocketRule {
  readonly scope: Scope;
  readonly check?: (request: SocketRequest) => void | Promise<void>;
}

/**
 * Who may open which socket. Each gateway declares its rule here when its module starts; a path
 * without a rule is closed.
 */
@Injectable()
export class SocketAdmission {
  private readonly rules = new Map<string, SocketRule>();
  private readonly actors = new WeakMap<IncomingMessage, Actor>();

  constructor(
    private readonly authentication: Authentication,
    private readonly liveAccess: LiveAccess,
  ) {}

  declare(path: string, rule: SocketRule): void {
    this.rules.set(path, rule);
  }

  /** Whether there is a socket at the address of a request, with or without a query. */
  isDeclared(address: string): boolean {
    return this.rules.has(address.split('?')[0] ?? '');
  }

  /** @throws DomainError with the status to refuse the upgrade with */
  async admit(request: IncomingMessage): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const rule = this.rules.get(url.pathname);
    if (rule === undefined) throw new AccessDeniedError('You may not open this socket.');
    const actor = await this.authentication.authenticate(request);
    if (actor === null) throw new SignInRequiredError();
    if (!actor.scopes.includes(rule.scope))
      throw new AccessDeniedError('You may not open this socket.');
    await rule.check?.({ request, query: url.searchParams, actor });
    this.actors.set(request, actor);
  }

  /** The actor of a socket that was admitted, which from now on is closed when the actor's session ends. */
  follow(socket: WebSocket, request: IncomingMessage): Actor {
    const actor = this.actors.get(request);
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const rule = this.rules.get(path);
    if (actor === undefined || rule === undefined) throw new Error('This socket was not admitted.');
    const release = this.liveAccess.hold(actor, rule.scope, () =>
      socket.close(CloseCode.sessionEnded, 'The session has ended.'),
    );
    socket.once('close', release);
    return actor;
  }
}
