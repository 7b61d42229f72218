import {
  type AddedFactor,
  addedFactorSchema,
  type ConfirmTotp,
  confirmTotpSchema,
  type FactorList,
  factorListSchema,
  idSchema,
  type PatchFactors,
  patchFactorsSchema,
  type RecoveryCodes,
  recoveryCodesSchema,
  type TotpSetup,
  totpSetupSchema,
} from '@homeserver/dto';
import { Body, Controller, Param, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import {
  DeleteEndpoint,
  GetEndpoint,
  PatchEndpoint,
  PostEndpoint,
} from '../../platform/http/endpoint.decorator';
import { FactorsService } from './factors.service';
import { TotpService } from './totp.service';

const CONFIRM = ['accounts.confirm_required'];

@ApiTags('Accounts')
@Controller('api/v1/me/factors')
export class FactorsController {
  constructor(
    private readonly factors: FactorsService,
    private readonly totp: TotpService,
  ) {}

  @GetEndpoint('', {
    summary: 'What you can sign in with beside your password',
    access: 'session',
    response: factorListSchema,
  })
  async listFactors(@CurrentActor() actor: Actor, @Req() request: Request): Promise<FactorList> {
    return this.factors.list(actor, request);
  }

  @PatchEndpoint('', {
    summary: 'Whether your password alone suffices at sign-in',
    access: 'session',
    response: factorListSchema,
    problems: { 403: CONFIRM, 409: ['accounts.no_factor', 'accounts.required_by_totp'] },
  })
  async patchFactors(
    @CurrentActor() actor: Actor,
    @Body({ schema: patchFactorsSchema }) { requiredAtSignIn }: PatchFactors,
    @Req() request: Request,
  ): Promise<FactorList> {
    await this.factors.setRequired(actor, requiredAtSignIn);
    return this.factors.list(actor, request);
  }

  @DeleteEndpoint(':id', {
    summary: 'Remove an authenticator app or a passkey',
    description: 'With the last one the recovery codes go, and the password alone suffices again.',
    access: 'session',
    response: null,
    status: 204,
    problems: {
      403: CONFIRM,
      404: ['accounts.factor_not_found'],
      409: ['accounts.last_way_in'],
    },
  })
  async removeFactor(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<void> {
    await this.factors.remove(actor, id);
  }

  @PostEndpoint('totp', {
    summary: 'Begin to set up an authenticator app',
    description: 'Its secret counts once a code of it was given.',
    access: 'session',
    response: totpSetupSchema,
    problems: { 403: CONFIRM, 409: ['accounts.totp_exists'] },
  })
  async beginTotp(@CurrentActor() actor: Actor): Promise<TotpSetup> {
    return this.totp.begin(actor);
  }

  @PostEndpoint('totp/confirm', {
    summary: 'Add the authenticator app that is being set up',
    description:
      'From then on the password alone no longer suffices. With the first factor come the recovery codes, this once.',
    access: 'session',
    response: addedFactorSchema,
    status: 201,
    problems: {
      403: CONFIRM,
      409: ['accounts.totp_not_begun', 'accounts.too_many_factors'],
      422: ['accounts.code_wrong'],
    },
  })
  async confirmTotp(
    @CurrentActor() actor: Actor,
    @Body({ schema: confirmTotpSchema }) { code }: ConfirmTotp,
  ): Promise<AddedFactor> {
    return this.totp.confirm(actor, code);
  }

  @PostEndpoint('recovery-codes', {
    summary: 'Make new recovery codes',
    description: 'Shown this once; the former ones are void.',
    access: 'session',
    response: recoveryCodesSchema,
    problems: { 403: CONFIRM, 409: ['accounts.no_factor'] },
  })
  async makeRecoveryCodes(@CurrentActor() actor: Actor): Promise<RecoveryCodes> {
    return this.factors.renewRecoveryCodes(actor);
  }
}
