import type { IncomingMessage } from 'node:http';

import { SCOPES_OF_ROLE } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import type { Actor, Credential } from '../platform/access/actor';
import { Authentication } from '../platform/access/authentication';
import { ProxyTrust } from '../platform/http/proxy-trust';
import { AttemptLimiter } from './attempts/attempt-limiter.service';
import { hashSecret } from './secret';
import { SessionCookies } from './sessions/session-cookies';
import { SessionsRepository } from './sessions/sessions.repository';
import { TokensRepository } from './tokens/tokens.repository';

/** RFC 6750, section 2.1; the scheme's case does not matter. */
const BEARER = /^bearer +(\S+)$/i;

/** Knows callers by the session cookie or the API token that they come with. */
@Injectable()
export class AuthenticationService extends Authentication {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly tokens: TokensRepository,
    private readonly cookies: SessionCookies,
    private readonly limiter: AttemptLimiter,
    private readonly proxies: ProxyTrust,
  ) {
    super();
  }

  override async authenticate(request: IncomingMessage): Promise<Actor | null> {
    const clientAddress = this.proxies.addressOf(request);
    const { authorization = '' } = request.headers;
    // Whoever shows a token means it: a cookie beside it does not count. Another scheme is none of ours; a
    // proxy that asks for a password of its own passes such a header on.
    if (/^bearer\b/i.test(authorization)) return this.byToken(authorization, clientAddress);
    const secret = this.cookies.read(request);
    return secret === null ? null : this.bySession(secret, clientAddress);
  }

  override async findActors(
    credentials: readonly Credential[],
  ): Promise<Pick<Actor, 'credential' | 'scopes'>[]> {
    const idsOf = (wanted: Credential['kind']) =>
      credentials.flatMap(({ kind, id }) => (kind === wanted ? [id] : []));
    const sessionIds = idsOf('session');
    const tokenIds = idsOf('token');
    const sessions = sessionIds.length === 0 ? [] : await this.sessions.findRoles(sessionIds);
    const tokens = tokenIds.length === 0 ? [] : await this.tokens.findScopes(tokenIds);
    return [
      ...sessions.map(({ id, role }) => ({
        credential: { kind: 'session' as const, id },
        scopes: SCOPES_OF_ROLE[role],
      })),
      ...tokens.map(({ id, role, scopes }) => ({
        credential: { kind: 'token' as const, id },
        scopes: scopes.filter((scope) => SCOPES_OF_ROLE[role].includes(scope)),
      })),
    ];
  }

  private async bySession(secret: string, clientAddress: string): Promise<Actor | null> {
    const session = await this.sessions.findLive(hashSecret(secret));
    if (session === null) return null;
    if (session.isStale) await this.sessions.prolong(session.id, clientAddress);
    const { userId, username, role, hasQuota, confirmedAt } = session;
    return {
      userId,
      username,
      role,
      hasQuota,
      scopes: SCOPES_OF_ROLE[role],
      credential: { kind: 'session', id: session.id },
      clientAddress,
      confirmedAt,
    };
  }

  /** A wrong token counts against its client; a right one is let in whatever others tried from there. */
  private async byToken(authorization: string, clientAddress: string): Promise<Actor | null> {
    const given = BEARER.exec(authorization)?.[1];
    const token = given === undefined ? null : await this.tokens.findLive(hashSecret(given));
    if (token === null) {
      await this.limiter.take({ kind: 'api-token', account: null, clientAddress });
      return null;
    }
    if (token.isStale) await this.tokens.touch(token.id);
    const { userId, username, role, hasQuota, scopes } = token;
    return {
      userId,
      username,
      role,
      hasQuota,
      scopes: scopes.filter((scope) => SCOPES_OF_ROLE[role].includes(scope)),
      credential: { kind: 'token', id: token.id },
      clientAddress,
      confirmedAt: null,
    };
  }
}
