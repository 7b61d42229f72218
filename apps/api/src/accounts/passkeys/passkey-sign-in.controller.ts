import {
  type PasskeyChallenge,
  passkeyChallengeSchema,
  type PasskeySignIn,
  passkeySignInSchema,
  type SignedIn,
  signedInSchema,
} from '@homeserver/dto';
import { Body, Controller, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { PostEndpoint } from '../../platform/http/endpoint.decorator';
import { SessionsService } from '../sessions/sessions.service';
import { Entrance } from '../sign-in/entrance';
import { PasskeyCheck } from './passkey-check.service';

const REFUSALS = {
  401: ['accounts.passkey_refused'],
  403: ['accounts.disabled'],
  409: ['accounts.passkeys_unavailable'],
  429: ['accounts.too_many_attempts'],
};

@ApiTags('Accounts')
@Controller('api/v1/auth')
export class PasskeySignInController {
  constructor(
    private readonly passkeys: PasskeyCheck,
    private readonly entrance: Entrance,
    private readonly sessions: SessionsService,
  ) {}

  @PostEndpoint('passkey/options', {
    summary: 'Begin to sign in with a passkey',
    description: 'The challenge works once, within five minutes.',
    access: 'public',
    response: passkeyChallengeSchema,
    problems: { 409: ['accounts.passkeys_unavailable'] },
  })
  async beginPasskeySignIn(@Req() request: Request): Promise<PasskeyChallenge> {
    return this.passkeys.begin(request);
  }

  @PostEndpoint('passkey', {
    summary: 'Sign in with a passkey alone',
    description: 'The session comes as a cookie.',
    access: 'public',
    response: signedInSchema,
    problems: REFUSALS,
  })
  async signInWithPasskey(
    @Body({ schema: passkeySignInSchema }) body: PasskeySignIn,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    const user = await this.passkeys.check(body, request);
    return this.entrance.letIn(user, 'passkey', request, response);
  }

  @PostEndpoint('confirm/passkey', {
    summary: 'Show once more that it is you, with a passkey',
    access: 'session',
    response: null,
    status: 204,
    problems: REFUSALS,
  })
  async confirmWithPasskey(
    @CurrentActor() actor: Actor,
    @Body({ schema: passkeySignInSchema }) body: PasskeySignIn,
    @Req() request: Request,
  ): Promise<void> {
    await this.passkeys.confirm(actor, body, request);
    await this.sessions.confirm(actor);
  }
}
