import type { IncomingMessage } from 'node:http';

import { Injectable } from '@nestjs/common';
import { parseCookie, stringifySetCookie } from 'cookie';
import type { Request, Response } from 'express';

import { ProxyTrust } from '../../platform/http/proxy-trust';

const NAME = 'homeserver_session';
/** As long as browsers keep any; whether the session still holds is known here. */
const KEPT_SECONDS = 400 * 24 * 60 * 60;

/**
 * The cookie of a session. Over HTTPS its name begins with `__Host-`, which browsers take only with
 * `Secure` and for this host alone; one of that name cannot come from a plain or a neighbouring page.
 * `SameSite=Lax`: other sites' pages cannot use it, links from them open as one would expect.
 */
@Injectable()
export class SessionCookies {
  constructor(private readonly proxies: ProxyTrust) {}

  /** The secret that a request comes with; null where there is none. */
  read(request: IncomingMessage): string | null {
    const header = request.headers.cookie;
    return header === undefined ? null : (parseCookie(header)[this.nameFor(request)] ?? null);
  }

  set(request: Request, response: Response, secret: string): void {
    this.write(request, response, secret, KEPT_SECONDS);
  }

  clear(request: Request, response: Response): void {
    this.write(request, response, '', 0);
  }

  private write(request: Request, response: Response, value: string, maxAge: number): void {
    const isSecure = this.proxies.protocolOf(request) === 'https';
    response.append(
      'Set-Cookie',
      stringifySetCookie({
        name: this.nameFor(request),
        value,
        maxAge,
        path: '/',
        httpOnly: true,
        sameSite: 'lax',
        secure: isSecure,
      }),
    );
    response.setHeader('Cache-Control', 'no-store');
  }

  private nameFor(request: IncomingMessage): string {
    return this.proxies.protocolOf(request) === 'https' ? `__Host-${NAME}` : NAME;
  }
}
