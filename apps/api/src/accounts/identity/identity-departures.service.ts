import { Inject, Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';

import type { Actor } from '../../platform/access/actor';
import { Authentication } from '../../platform/access/authentication';
import { CONFIG, type Config } from '../../platform/config/config';
import { OriginPolicy } from '../../platform/http/origin-policy';
import { ProxyTrust } from '../../platform/http/proxy-trust';
import { requireConfirmed } from '../sessions/confirmation.policy';
import { IdentityFlow } from './identity-flow.service';
import { IdentityRefusals } from './identity-refusals.service';

/** Leads browsers to the identity provider. */
@Injectable()
export class IdentityDepartures {
  private readonly origins: OriginPolicy;

  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'publicUrl' | 'corsOrigins'>,
    private readonly flow: IdentityFlow,
    private readonly authentication: Authentication,
    private readonly refusals: IdentityRefusals,
    private readonly proxies: ProxyTrust,
  ) {
    this.origins = new OriginPolicy(config);
  }

  /**
   * To sign in.
   * @returns where to; an address of ours when the provider cannot be reached
   * @throws IdentityProviderMissingError (404)
   */
  async signIn(returnTo: string, request: Request, response: Response): Promise<string> {
    const { publicUrl } = this.config;
    if (publicUrl !== null && this.flow.isElsewhere(request))
      return `${publicUrl}/api/v1/auth/oidc?${new URLSearchParams({ returnTo }).toString()}`;
    try {
      // Who is signed in comes to show once more who they are; that the provider knows them still says nothing.
      const again = (await this.authentication.authenticate(request)) !== null;
      return await this.flow.begin({ linkingUserId: null, returnTo }, again, request, response);
    } catch (error) {
      return this.refusals.addressFor(error, '/sign-in');
    }
  }

  /**
   * To link an account there with that of the caller. The person has to sign in there: else a page could have
   * them link an account that somebody else has signed their browser in to.
   * @returns where to; an address of ours when it is not to be
   * @throws IdentityProviderMissingError (404), DomainError `access.cross_site` (403)
   */
  async link(
    actor: Actor,
    returnTo: string,
    request: Request,
    response: Response,
  ): Promise<string> {
    // It changes something, although a link leads here.
    this.origins.checkOrigin(request, this.proxies.protocolOf(request));
    if (this.config.publicUrl !== null && this.flow.isElsewhere(request))
      return this.config.publicUrl + returnTo;
    try {
      requireConfirmed(actor);
      const errand = { linkingUserId: actor.userId, returnTo };
      return await this.flow.begin(errand, true, request, response);
    } catch (error) {
      return this.refusals.addressFor(error, returnTo);
    }
  }
}
