import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';

export const CLIENT = { id: 'homeserver', secret: 'a secret of: the client' };

/** Who is signed in at the provider. */
export interface ProviderPerson {
  readonly sub: string;
  readonly preferred_username?: string;
  readonly name?: string;
}

/** What the provider may do otherwise than it should. */
export interface ProviderDeviation {
  /** Claims of the ID token in place of the right ones. */
  readonly claims?: Record<string, unknown>;
  readonly isForged?: boolean;
  readonly isDenied?: boolean;
}

interface Grant {
  readonly person: ProviderPerson;
  readonly redirectUri: string;
  readonly nonce: string;
  readonly challenge: string;
  readonly claims: Record<string, unknown>;
  readonly isForged: boolean;
}

/** An OpenID Connect provider on the loopback interface, as small as one can be that keeps to the rules. */
export class TestIdentityProvider {
  person: ProviderPerson = { sub: 'nobody' };
  deviation: ProviderDeviation = {};
  /** Whether names are told by the userinfo endpoint alone. */
  hidesNames = false;
  /** What the last browser was sent with. */
  lastRequest = new URLSearchParams();
  tokenRequests = 0;
  private readonly grants = new Map<string, Grant>();
  private readonly people = new Map<string, ProviderPerson>();

  private constructor(
    private readonly server: Server,
    readonly issuer: string,
    private readonly keys: { privateKey: CryptoKey; publicKey: CryptoKey; otherKey: CryptoKey },
  ) {}

  /** @param port where another one was before; any free one where absent */
  static async start(port = 0): Promise<TestIdentityProvider> {
    const { privateKey, publicKey } = await generateKeyPair('RS256');
    const { privateKey: otherKey } = await generateKeyPair('RS256');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('It does not listen.');
    const provider = new TestIdentityProvider(server, `http://127.0.0.1:${address.port}/`, {
      privateKey,
      publicKey,
      otherKey,
    });
    server.on('request', (request, response) => void provider.answer(request, response));
    return provider;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.issuer);
    const body = new URLSearchParams(await text(request));
    if (url.pathname === '/authorize') this.authorize(url.searchParams, response);
    else if (url.pathname === '/token') await this.giveTokens(request, body, response);
    else if (url.pathname === '/userinfo') this.tellPerson(request, response);
    else if (url.pathname === '/jwks') {
      const key = { ...(await exportJWK(this.keys.publicKey)), kid: 'one', alg: 'RS256' };
      send(response, 200, { keys: [key] });
    } else if (url.pathname === '/.well-known/openid-configuration')
      send(response, 200, this.metadata());
    else send(response, 404, {});
  }

  private metadata(): object {
    return {
      issuer: this.issuer,
      authorization_endpoint: `${this.issuer}authorize`,
      token_endpoint: `${this.issuer}token`,
      userinfo_endpoint: `${this.issuer}userinfo`,
      jwks_uri: `${this.issuer}jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }

  /** Whoever is signed in there agrees at once. */
  private authorize(asked: URLSearchParams, response: ServerResponse): void {
    this.lastRequest = asked;
    const back = new URL(asked.get('redirect_uri') ?? '');
    back.searchParams.set('state', asked.get('state') ?? '');
    if (this.deviation.isDenied === true) back.searchParams.set('error', 'access_denied');
    else {
      const code = createHash('sha256').update(String(Math.random())).digest('hex');
      this.grants.set(code, {
        person: this.person,
        redirectUri: asked.get('redirect_uri') ?? '',
        nonce: asked.get('nonce') ?? '',
        challenge: asked.get('code_challenge') ?? '',
        claims: this.deviation.claims ?? {},
        isForged: this.deviation.isForged === true,
      });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { Location: back.href }).end();
  }

  private async giveTokens(
    request: IncomingMessage,
    body: URLSearchParams,
    response: ServerResponse,
  ): Promise<void> {
    this.tokenRequests += 1;
    const code = body.get('code') ?? '';
    const grant = this.grants.get(code);
    this.grants.delete(code);
    if (!isOurClient(request)) return send(response, 401, { error: 'invalid_client' });
    const verifier = createHash('sha256').update(body.get('code_verifier') ?? '');
    const isRight =
      grant?.redirectUri === body.get('redirect_uri') &&
      grant?.challenge === verifier.digest('base64url');
    if (grant === undefined || !isRight) return send(response, 400, { error: 'invalid_grant' });
    this.people.set(code, grant.person);
    send(response, 200, {
      access_token: code,
      token_type: 'Bearer',
      id_token: await this.idToken(grant),
    });
  }

  private async idToken({ person, nonce, claims, isForged }: Grant): Promise<string> {
    const names = this.hidesNames ? { sub: person.sub } : person;
    const now = Math.floor(Date.now() / 1000);
    return new SignJWT({
      iss: this.issuer,
      aud: CLIENT.id,
      iat: now,
      exp: now + 300,
      nonce,
      ...names,
      ...claims,
    })
      .setProtectedHeader({ alg: 'RS256', kid: 'one' })
      .sign(isForged ? this.keys.otherKey : this.keys.privateKey);
  }

  private tellPerson(request: IncomingMessage, response: ServerResponse): void {
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const person = this.people.get(token);
    if (person === undefined) send(response, 401, { error: 'invalid_token' });
    else send(response, 200, person);
  }
}

/** RFC 6749, section 2.3.1: both are form-encoded before they are put together. */
function isOurClient({ headers }: IncomingMessage): boolean {
  const encoded = (headers.authorization ?? '').replace(/^Basic /, '');
  const [id = '', secret = ''] = Buffer.from(encoded, 'base64').toString().split(':');
  const decode = (part: string) => decodeURIComponent(part.replaceAll('+', ' '));
  return decode(id) === CLIENT.id && decode(secret) === CLIENT.secret;
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}
