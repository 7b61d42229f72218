import type { IncomingMessage } from 'node:http';

import { Injectable } from '@nestjs/common';

import { type Actor, BUILT_IN_ACTOR, type Scope } from '../access/actor';
import { DomainError } from '../http/domain-error';

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
    if (rule === undefined || !BUILT_IN_ACTOR.scopes.includes(rule.scope)) {
      throw new DomainError('access.denied', 403, 'You may not open this socket.');
    }
    await rule.check?.({ request, query: url.searchParams, actor: BUILT_IN_ACTOR });
  }
}
