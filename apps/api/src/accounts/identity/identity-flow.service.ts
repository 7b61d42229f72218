import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';

import { CONFIG, type Config } from '../../platform/config/config';
import { ProxyTrust } from '../../platform/http/proxy-trust';
import { hashSecret, newSecret } from '../secret';
import { IdentityFlowCookie } from './identity-flow-cookie';
import { IdentityFlowsRepository } from './identity-flows.repository';
import { type Identity, IdentityProvider } from './identity-provider.adapter';
import { IdentityProviderMissingError, IdentityRefusedError } from './identity.errors';

const CALLBACK = '/api/v1/auth/oidc/callback';

/** What somebody is led to the identity provider for. */
export interface Errand {
  /** Who links an account there; null: somebody signs in. */
  readonly linkingUserId: string | null;
  /** A path of ours, for afterwards. */
  readonly returnTo: string;
}

/** The way to the identity provider and back. */
@Injectable()
export class IdentityFlow {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl'>,
    private readonly provider: IdentityProvider,
    private readonly repository: IdentityFlowsRepository,
    private readonly cookie: IdentityFlowCookie,
    private readonly proxies: ProxyTrust,
  ) {}

  /**
   * Where to lead the browser.
   * @param again whether the person has to prove who they are although the provider knows them still
   * @throws IdentityProviderMissingError, IdentityRefusedError when the provider cannot be reached
   */
  async begin(
    errand: Errand,
    again: boolean,
    request: Request,
    response: Response,
  ): Promise<string> {
    const redirectUri = this.originOf(request) + CALLBACK;
    const { address, proofs } = await this.provider.begin(redirectUri, again);
    const secret = newSecret();
    await this.repository.insert({
      ...errand,
      isAgain: again,
      stateHash: hashSecret(proofs.state),
      browserHash: hashSecret(secret),
      nonce: proofs.nonce,
      codeVerifier: proofs.codeVerifier,
    });
    this.cookie.set(request, response, secret);
    return address;
  }

  /**
   * What the browser that comes back was led away for; null: it has no such errand, or had it already.
   * @throws IdentityProviderMissingError
   */
  async take(request: Request, response: Response): Promise<PendingErrand | null> {
    if (!this.provider.isSetUp) throw new IdentityProviderMissingError();
    const secret = this.cookie.read(request);
    const state = this.callbackOf(request).searchParams.get('state');
    this.cookie.clear(request, response);
    if (secret === null || state === null) return null;
    const row = await this.repository.take(hashSecret(state), hashSecret(secret));
    return row === null ? null : { ...row, state };
  }

  /** Who came back, as the provider says. @throws IdentityRefusedError */
  async identify(errand: PendingErrand, request: Request): Promise<Identity> {
    return this.provider.finish(this.callbackOf(request), errand);
  }

  /** Whether the browser is at another address than the one that the provider leads back to. */
  isElsewhere(request: Request): boolean {
    const { publicUrl } = this.config;
    return publicUrl !== null && request.headers.host !== new URL(publicUrl).host;
  }

  private callbackOf(request: Request): URL {
    const query = /\?.*$/s.exec(request.originalUrl)?.[0] ?? '';
    const callback = this.originOf(request) + CALLBACK + query;
    if (!URL.canParse(callback)) throw new IdentityRefusedError();
    return new URL(callback);
  }

  /** PUBLIC_URL, for a proxy in front may speak another scheme to us than the browser does to it. */
  private originOf(request: Request): string {
    return (
      this.config.publicUrl ?? `${this.proxies.protocolOf(request)}://${request.headers.host ?? ''}`
    );
  }
}

/** An errand, and what the provider's answer to it has to prove. */
export interface PendingErrand extends Errand {
  readonly isAgain: boolean;
  readonly state: string;
  readonly nonce: string;
  readonly codeVerifier: string;
}
