import type { IncomingMessage } from 'node:http';

import { Injectable } from '@nestjs/common';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Response } from 'express';

import { ProxyTrust } from '../../platform/http/proxy-trust';

const NAME = 'homeserver_oidc';
const PATH = '/api/v1/auth/oidc';
const KEPT_SECONDS = 10 * 60;

/**
 * Binds a way to the identity provider to the browser that it was begun in: an answer that somebody else slips
 * into a browser (CSRF at sign-in, OpenID Connect Core, section 3.1.2.1) finds no such cookie there. `Lax`,
 * because the provider's page leads back here.
 */
@Injectable()
export class IdentityFlowCookie {
  constructor(private readonly proxies: ProxyTrust) {}

  read(request: IncomingMessage): string | null {
    const header = request.headers.cookie;
    return header === undefined ? null : (parseCookie(header)[this.nameFor(request)] ?? null);
  }

  set(request: IncomingMessage, response: Response, secret: string): void {
    this.write(request, response, secret, KEPT_SECONDS);
  }

  clear(request: IncomingMessage, response: Response): void {
    this.write(request, response, '', 0);
  }

  private write(request: IncomingMessage, response: Response, value: string, maxAge: number): void {
    response.append(
      'Set-Cookie',
      stringifySetCookie({
        name: this.nameFor(request),
        value,
        maxAge,
        path: PATH,
        httpOnly: true,
        sameSite: 'lax',
        secure: this.proxies.protocolOf(request) === 'https',
      }),
    );
    response.setHeader('Cache-Control', 'no-store');
  }

  private nameFor(request: IncomingMessage): string {
    return this.proxies.protocolOf(request) === 'https' ? `__Secure-${NAME}` : NAME;
  }
}
