import type { IncomingMessage } from 'node:http';

import { parseCookie, stringifySetCookie } from 'cookie';
import type { Response } from 'express';

import type { ProxyTrust } from './proxy-trust';

export interface SecretCookieSettings {
  readonly name: string;
  /** Over HTTPS it stands before the name: browsers take such a cookie only with what it promises. */
  readonly securePrefix: '__Host-' | '__Secure-';
  readonly path: string;
  readonly keptSeconds: number;
}

/**
 * A cookie with a secret of ours: no script reads it, over HTTPS it is `Secure`, and the answer that brings it is
 * kept by nobody. `SameSite=Lax`: other sites' pages cannot use it, links from them open as one would expect.
 */
export abstract class SecretCookie {
  protected constructor(
    private readonly proxies: ProxyTrust,
    private readonly settings: SecretCookieSettings,
  ) {}

  /** The secret that a request comes with; null where there is none. */
  read(request: IncomingMessage): string | null {
    const header = request.headers.cookie;
    return header === undefined ? null : (parseCookie(header)[this.nameFor(request)] ?? null);
  }

  set(request: IncomingMessage, response: Response, secret: string): void {
    this.write(request, response, secret, this.settings.keptSeconds);
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
        path: this.settings.path,
        httpOnly: true,
        sameSite: 'lax',
        secure: this.proxies.protocolOf(request) === 'https',
      }),
    );
    response.setHeader('Cache-Control', 'no-store');
  }

  private nameFor(request: IncomingMessage): string {
    const { name, securePrefix } = this.settings;
    return this.proxies.protocolOf(request) === 'https' ? securePrefix + name : name;
  }
}
