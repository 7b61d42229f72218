import { type ReturnQuery, returnQuerySchema } from '@homeserver/dto';
import { Controller, Query, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { GetEndpoint } from '../../platform/http/endpoint.decorator';
import { IdentityArrivals } from './identity-arrivals.service';
import { IdentityDepartures } from './identity-departures.service';

/** For browsers, by plain links: they are led on, and see no JSON but where nothing can lead them on. */
@ApiTags('Accounts')
@Controller('api/v1/auth/oidc')
export class OidcController {
  constructor(
    private readonly departures: IdentityDepartures,
    private readonly arrivals: IdentityArrivals,
  ) {}

  @GetEndpoint('', {
    summary: 'Sign in by the identity provider',
    description:
      'Leads to its page. What goes wrong leads to `/sign-in?problem=` and the code: `accounts.oidc_refused`, `accounts.oidc_unknown_user` or `accounts.disabled`.',
    access: 'public',
    response: null,
    status: 302,
    problems: { 404: ['accounts.oidc_not_set_up'] },
  })
  async signInByProvider(
    @Query({ schema: returnQuerySchema }) { returnTo }: ReturnQuery,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    leadTo(await this.departures.signIn(returnTo, request, response), response);
  }

  @GetEndpoint('callback', {
    summary: 'Come back from the identity provider',
    description:
      'The address to be named at the provider. Leads into the web app; the session comes as a cookie.',
    access: 'public',
    response: null,
    status: 302,
    problems: { 404: ['accounts.oidc_not_set_up'], 429: ['accounts.too_many_attempts'] },
  })
  async comeBackFromProvider(@Req() request: Request, @Res() response: Response): Promise<void> {
    leadTo(await this.arrivals.arrive(request, response), response);
  }
}

function leadTo(address: string, response: Response): void {
  response.setHeader('Cache-Control', 'no-store');
  response.status(302).location(address).end();
}
