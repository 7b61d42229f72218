import {
  type AddedFactor,
  addedFactorSchema,
  type CreatePasskey,
  createPasskeySchema,
  type PasskeyChallenge,
  passkeyChallengeSchema,
} from '@homeserver/dto';
import { Body, Controller, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { PostEndpoint } from '../../platform/http/endpoint.decorator';
import { PasskeyRegistration } from './passkey-registration.service';

/** Passkeys of who is signed in. */
@ApiTags('Accounts')
@Controller('api/v1/me/factors/passkeys')
export class PasskeysController {
  constructor(private readonly registration: PasskeyRegistration) {}

  @PostEndpoint('options', {
    summary: 'Begin to add a passkey',
    description: 'The challenge works once, within five minutes.',
    access: 'session',
    response: passkeyChallengeSchema,
    problems: { 403: ['accounts.confirm_required'], 409: ['accounts.passkeys_unavailable'] },
  })
  async beginPasskey(
    @CurrentActor() actor: Actor,
    @Req() request: Request,
  ): Promise<PasskeyChallenge> {
    return this.registration.begin(actor, request);
  }

  @PostEndpoint('', {
    summary: 'Add a passkey',
    description: 'It signs in alone. With the first factor come the recovery codes, this once.',
    access: 'session',
    response: addedFactorSchema,
    status: 201,
    problems: {
      403: ['accounts.confirm_required'],
      409: ['accounts.passkey_known', 'accounts.passkeys_unavailable', 'accounts.too_many_factors'],
      422: ['accounts.passkey_refused'],
    },
  })
  async createPasskey(
    @CurrentActor() actor: Actor,
    @Body({ schema: createPasskeySchema }) body: CreatePasskey,
    @Req() request: Request,
  ): Promise<AddedFactor> {
    return this.registration.finish(actor, body, request);
  }
}
