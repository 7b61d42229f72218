import {
  type Setup,
  setupSchema,
  type SetupState,
  setupStateSchema,
  type SignedIn,
  signedInSchema,
} from '@homeserver/dto';
import { Body, Controller, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { GetEndpoint, PostEndpoint } from '../../platform/http/endpoint.decorator';
import { ProxyTrust } from '../../platform/http/proxy-trust';
import { Entrance } from '../sign-in/entrance';
import { SetupService } from './setup.service';

@ApiTags('Accounts')
@Controller('api/v1/setup')
export class SetupController {
  constructor(
    private readonly setup: SetupService,
    private readonly entrance: Entrance,
    private readonly proxies: ProxyTrust,
  ) {}

  @GetEndpoint('', {
    summary: 'Whether the first administrator is still to be made',
    access: 'public',
    response: setupStateSchema,
  })
  async readSetupState(): Promise<SetupState> {
    return this.setup.state();
  }

  @PostEndpoint('', {
    summary: 'Make the first administrator',
    description: 'Only while there is no user. The session comes as a cookie.',
    access: 'public',
    response: signedInSchema,
    status: 201,
    problems: {
      403: ['accounts.setup_token_wrong'],
      409: ['accounts.already_set_up'],
      422: ['accounts.password_guessable'],
      429: ['accounts.too_many_attempts'],
    },
  })
  async setUp(
    @Body({ schema: setupSchema }) body: Setup,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<SignedIn> {
    const user = await this.setup.setUp(body, this.proxies.addressOf(request));
    return this.entrance.letIn(user, 'set-up', request, response);
  }
}
