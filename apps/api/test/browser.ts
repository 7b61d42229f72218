import { parseSetCookie } from 'cookie';

import { ANONYMOUS } from './test-app';

/** What a call has answered. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** Of JSON; null where there is no body. */
  readonly body: unknown;
}

/** A browser in which somebody may be signed in: it keeps cookies, and follows no redirect. */
export class Browser {
  readonly cookies = new Map<string, string>();

  /** @param url of the server, such as `http://localhost:41234`; it decides which host name the server sees */
  constructor(readonly url: string) {}

  async get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.call('GET', path, undefined, headers);
  }

  async post(path: string, body: unknown = {}): Promise<Answer> {
    return this.call('POST', path, body);
  }

  async call(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const response = await fetch(new URL(path, this.url), {
      method,
      redirect: 'manual',
      headers: {
        ...ANONYMOUS,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(this.cookies.size === 0 ? {} : { Cookie: this.cookieHeader() }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    this.keep(response.headers.getSetCookie());
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return {
      status: response.status,
      headers: response.headers,
      body: isJson && text !== '' ? JSON.parse(text) : null,
    };
  }

  /** @param code of a second factor, where one is due */
  async signIn(
    { username, password }: { username: string; password: string },
    code?: string,
  ): Promise<Answer> {
    return this.post('/api/v1/auth/sign-in', { username, password, code });
  }

  get isSignedIn(): boolean {
    return this.cookies.has('homeserver_session');
  }

  private cookieHeader(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  private keep(lines: readonly string[]): void {
    for (const line of lines) {
      const { name, value, maxAge } = parseSetCookie(line);
      if (maxAge === 0 || value === undefined) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}
