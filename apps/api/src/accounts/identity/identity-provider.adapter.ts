import { Inject, Injectable } from '@nestjs/common';
import * as oidc from 'openid-client';

import { CONFIG, type Config } from '../../platform/config/config';
import type { IdentityProviderConfig } from '../../platform/config/identity-provider.config';
import { IdentityProviderMissingError, IdentityRefusedError } from './identity.errors';

/** For each request to the provider. */
const TIMEOUT_SECONDS = 10;
/** Addresses and keys of a provider change, though rarely. */
const KNOWN_FOR_MS = 60 * 60 * 1000;

/** What proves that an answer belongs to a question of ours. */
export interface Proofs {
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}

/** Who somebody is, as the provider says. */
export interface Identity {
  readonly issuer: string;
  readonly subject: string;
  readonly username: string | null;
  readonly displayName: string | null;
  /** When they proved it there; null: the provider does not say. */
  readonly authenticatedAt: Date | null;
}

/**
 * The identity provider, by OpenID Connect: authorization code with PKCE, state and nonce. It is asked for the
 * first time when somebody signs in by it, so HomeServer starts without it. Whether it wants a second factor
 * is its own business: whoever it vouches for comes in.
 */
@Injectable()
export class IdentityProvider {
  private readonly settings: IdentityProviderConfig | null;
  private known: { readonly found: Promise<oidc.Configuration>; readonly atMs: number } | null =
    null;

  constructor(@Inject(CONFIG) config: Pick<Config, 'identityProvider'>) {
    this.settings = config.identityProvider;
  }

  get isSetUp(): boolean {
    return this.settings !== null;
  }

  /** @throws IdentityProviderMissingError */
  get required(): IdentityProviderConfig {
    if (this.settings === null) throw new IdentityProviderMissingError();
    return this.settings;
  }

  /**
   * The page of the provider to lead somebody to.
   * @param again whether they have to prove who they are although the provider knows them still
   * @throws IdentityRefusedError when the provider cannot be reached
   */
  async begin(
    redirectUri: string,
    again: boolean,
  ): Promise<{ readonly address: string; readonly proofs: Proofs }> {
    const provider = await this.discover();
    const proofs = {
      state: oidc.randomState(),
      nonce: oidc.randomNonce(),
      codeVerifier: oidc.randomPKCECodeVerifier(),
    };
    const address = oidc.buildAuthorizationUrl(provider, {
      redirect_uri: redirectUri,
      // Names are needed for new users alone.
      scope: this.required.createsUsers ? 'openid profile' : 'openid',
      code_challenge: await oidc.calculatePKCECodeChallenge(proofs.codeVerifier),
      code_challenge_method: 'S256',
      state: proofs.state,
      nonce: proofs.nonce,
      ...(again ? { prompt: 'login' } : {}),
    });
    return { address: address.href, proofs };
  }

  /**
   * Who has come back.
   * @param callback the address to which the provider has led the browser
   * @throws IdentityRefusedError when the answer is none to this question, the person did not want to, the code
   * was used already, or the provider cannot be reached
   */
  async finish(callback: URL, { state, nonce, codeVerifier }: Proofs): Promise<Identity> {
    const provider = await this.discover();
    try {
      const tokens = await oidc.authorizationCodeGrant(provider, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new IdentityRefusedError();
      const names = await this.namesOf(provider, tokens.access_token, claims);
      return { ...names, ...identityOf(claims, this.required.issuer) };
    } catch (error) {
      throw refused(error);
    }
  }

  /** In the token, or where the provider keeps them apart; asked for only where users are made. */
  private async namesOf(
    provider: oidc.Configuration,
    accessToken: string,
    claims: oidc.IDToken,
  ): Promise<Pick<Identity, 'username' | 'displayName'>> {
    const hasUserInfo = provider.serverMetadata().userinfo_endpoint !== undefined;
    const isAsked =
      this.required.createsUsers && claims['preferred_username'] === undefined && hasUserInfo;
    const source = isAsked ? await oidc.fetchUserInfo(provider, accessToken, claims.sub) : claims;
    return { username: textOf(source['preferred_username']), displayName: textOf(source['name']) };
  }

  /** @throws IdentityProviderMissingError, IdentityRefusedError */
  private async discover(): Promise<oidc.Configuration> {
    const settings = this.required;
    if (this.known === null || Date.now() - this.known.atMs > KNOWN_FOR_MS)
      this.known = { found: askProvider(settings), atMs: Date.now() };
    try {
      return await this.known.found;
    } catch (error) {
      // The next one tries again.
      this.known = null;
      throw refused(error);
    }
  }
}

async function askProvider({
  issuer,
  clientId,
  clientSecret,
}: IdentityProviderConfig): Promise<oidc.Configuration> {
  const server = new URL(issuer);
  return oidc.discovery(server, clientId, undefined, clientAuthentication(clientSecret), {
    timeout: TIMEOUT_SECONDS,
    execute: [
      // The signature of the token is checked although it comes from the provider itself: not every
      // connection to it is encrypted.
      oidc.enableNonRepudiationChecks,
      // The configuration takes such an issuer on the home network alone.
      ...(server.protocol === 'http:' ? [oidc.allowInsecureRequests] : []), // eslint-disable-line @typescript-eslint/no-deprecated -- marked to make one think twice
    ],
  });
}

/** OpenID Connect Discovery 1.0, section 3: where nothing is said, the provider takes `client_secret_basic`. */
function clientAuthentication(clientSecret: string | null): oidc.ClientAuth {
  if (clientSecret === null) return oidc.None();
  const basic = oidc.ClientSecretBasic(clientSecret);
  const post = oidc.ClientSecretPost(clientSecret);
  return (server, client, body, headers) => {
    const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
    const authenticate = methods.includes('client_secret_basic') ? basic : post;
    authenticate(server, client, body, headers);
  };
}

/** @throws IdentityRefusedError when a provider speaks for another one */
function identityOf(
  { iss, sub, auth_time: authTime }: oidc.IDToken,
  issuer: string,
): Pick<Identity, 'issuer' | 'subject' | 'authenticatedAt'> {
  // Some providers serve many issuers by one address; who is who is sure by one of them alone.
  if (!URL.canParse(iss) || new URL(iss).href !== issuer) throw new IdentityRefusedError();
  const authenticatedAt = typeof authTime === 'number' ? new Date(authTime * 1000) : null;
  return { issuer, subject: sub, authenticatedAt };
}

function textOf(claim: unknown): string | null {
  return typeof claim === 'string' && claim !== '' ? claim : null;
}

/** The library throws errors of many kinds, and fetch its own; for who signs in they are all the same. */
function refused(error: unknown): IdentityRefusedError {
  return error instanceof IdentityRefusedError ? error : new IdentityRefusedError(error);
}
