import {
  type Confirmation,
  confirmationSchema,
  type SignedIn,
  signedInSchema,
  type SignIn,
  signInSchema,
} from '@homeserver/dto';
import { Body, Controller, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { PostEndpoint } from '../../platform/http/endpoint.decorator';
import { ProxyTrust } from '../../platform/http/proxy-trust';
import { SessionCookies } from '../sessions/session-cookies';
import { SessionsService } from '../sessions/sessions.service';
import { Entrance } from './entrance';
import { PasswordCheck } from './password-check.service';

const REFUSALS = {
  401: ['accounts.wrong_credentials', 'accounts.code_required', 'accounts.code_wrong'],
  403: ['accounts.disabled'],
  429: ['accounts.too_many_attempts'],
  503: ['accounts.busy'],
};

@ApiTags('Accounts')
@Controller('api/v1/auth')
export class AuthController {
  constructor(
    private readonly passwords: PasswordCheck,
    private readonly entrance: Entrance,
    private readonly sessions: SessionsService,
    private readonly cookies: SessionCookies,
    private readonly proxies: ProxyTrust,
  ) {}

  @PostEndpoint('sign-in', {
    summary: 'Sign in with a password',
    description:
      'The session comes as a cookie. `code` is asked for by `accounts.code_required`, where a second factor is due.',
    access: 'public',
    response: signedInSchema,
    problems: REFUSALS,
  })
  async signIn(
    @Body({ schema: signInSchema }) body: SignIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    const user = await this.passwords.check(body, this.proxies.addressOf(request));
    const way = user.secondFactorRequired ? 'password and second factor' : 'password';
    const proof = { way, provenAt: null, checked: user } as const;
    return this.entrance.letIn(user, proof, request, response);
  }

  @PostEndpoint('sign-out', {
    summary: 'End this session',
    description: 'Its sockets and uploads end with it.',
    access: 'actor',
    response: null,
    status: 204,
  })
  async signOut(
    @CurrentActor() actor: Actor,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    await this.sessions.signOut(actor);
    this.cookies.clear(request, response);
  }

  @PostEndpoint('confirm', {
    summary: 'Show once more that it is you',
    description:
      'What changes how somebody comes in asks for it by `accounts.confirm_required`, when the sign-in is longer ago than 15 minutes.',
    access: 'session',
    response: null,
    status: 204,
    problems: REFUSALS,
  })
  async confirm(
    @CurrentActor() actor: Actor,
    @Body({ schema: confirmationSchema }) body: Confirmation,
  ): Promise<void> {
    await this.passwords.check({ ...body, username: actor.username }, actor.clientAddress);
    await this.sessions.confirm(actor);
  }
}
