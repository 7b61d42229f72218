import { Injectable } from '@nestjs/common';
import type { Request, Response } from 'express';

import { Authentication } from '../../platform/access/authentication';
import { ProxyTrust } from '../../platform/http/proxy-trust';
import { AttemptLimiter } from '../attempts/attempt-limiter.service';
import { Entrance } from '../sign-in/entrance';
import { Identities } from './identities.service';
import { IdentityFlow, type PendingErrand } from './identity-flow.service';
import type { Identity } from './identity-provider.adapter';
import { IdentityRefusals } from './identity-refusals.service';
import { IdentityRefusedError } from './identity.errors';

/** Takes in browsers that come back from the identity provider. */
@Injectable()
export class IdentityArrivals {
  constructor(
    private readonly flow: IdentityFlow,
    private readonly identities: Identities,
    private readonly entrance: Entrance,
    private readonly authentication: Authentication,
    private readonly limiter: AttemptLimiter,
    private readonly proxies: ProxyTrust,
    private readonly refusals: IdentityRefusals,
  ) {}

  /**
   * Does what the browser was led away for.
   * @returns a path of ours: the page that was asked for, or the one that tells why it is not to be
   * @throws IdentityProviderMissingError (404), TooManyAttemptsError (429)
   */
  async arrive(request: Request, response: Response): Promise<string> {
    const clientAddress = this.proxies.addressOf(request);
    const attempt = { kind: 'oidc', account: null, clientAddress } as const;
    await this.limiter.take(attempt);
    let page = '/sign-in';
    try {
      const errand = await this.flow.take(request, response);
      if (errand === null) throw new IdentityRefusedError();
      if (errand.linkingUserId !== null) page = errand.returnTo;
      const identity = await this.flow.identify(errand, request);
      if (errand.linkingUserId === null) await this.letIn(identity, errand, request, response);
      else await this.link(errand.linkingUserId, identity, request);
      await this.limiter.succeed(attempt);
      return errand.returnTo;
    } catch (error) {
      return this.refusals.addressFor(error, page);
    }
  }

  private async letIn(
    identity: Identity,
    { isAgain }: PendingErrand,
    request: Request,
    response: Response,
  ): Promise<void> {
    const user = await this.identities.findOrMake(identity, this.proxies.addressOf(request));
    // A provider that does not say when may have known them for weeks, unless it was asked to ask anew.
    const provenAt = identity.authenticatedAt ?? (isAgain ? null : new Date(0));
    const proof = { way: 'identity provider', provenAt } as const;
    await this.entrance.letIn(user, proof, request, response);
  }

  /** Still the same person, in a session. @throws IdentityRefusedError, IdentityTakenError, IdentityExistsError */
  private async link(userId: string, identity: Identity, request: Request): Promise<void> {
    const actor = await this.authentication.authenticate(request);
    if (actor === null || actor.userId !== userId || actor.credential.kind !== 'session')
      throw new IdentityRefusedError();
    await this.identities.link(actor, identity);
  }
}
