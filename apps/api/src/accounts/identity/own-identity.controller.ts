import { type ReturnQuery, returnQuerySchema } from '@homeserver/dto';
import { Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { DeleteEndpoint, GetEndpoint } from '../../platform/http/endpoint.decorator';
import { Identities } from './identities.service';
import { IdentityDepartures } from './identity-departures.service';

@ApiTags('Accounts')
@Controller('api/v1/me/identity')
export class OwnIdentityController {
  constructor(
    private readonly departures: IdentityDepartures,
    private readonly identities: Identities,
  ) {}

  @GetEndpoint('link', {
    summary: 'Link your account with one at the identity provider',
    description:
      'For browsers, by a plain link. What goes wrong leads to `returnTo` with `problem=` and the code: `accounts.confirm_required`, `accounts.oidc_refused`, `accounts.identity_taken` or `accounts.identity_exists`.',
    access: 'session',
    response: null,
    status: 302,
    problems: { 404: ['accounts.oidc_not_set_up'] },
  })
  async linkIdentity(
    @CurrentActor() actor: Actor,
    @Query({ schema: returnQuerySchema }) { returnTo }: ReturnQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const address = await this.departures.link(actor, returnTo, request, response);
    response.setHeader('Cache-Control', 'no-store');
    response.status(302).location(address).end();
  }

  @DeleteEndpoint('', {
    summary: 'Unlink your account at the identity provider',
    access: 'session',
    response: null,
    status: 204,
    problems: {
      403: ['accounts.confirm_required'],
      404: ['accounts.oidc_not_set_up', 'accounts.identity_not_linked'],
      409: ['accounts.last_way_in'],
    },
  })
  async unlinkIdentity(@CurrentActor() actor: Actor): Promise<void> {
    await this.identities.unlink(actor);
  }
}
