import {
  type ChangePassword,
  changePasswordSchema,
  type PatchMe,
  patchMeSchema,
  type User,
  userSchema,
} from '@homeserver/dto';
import { Body, Controller, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { GetEndpoint, PatchEndpoint, PutEndpoint } from '../../platform/http/endpoint.decorator';
import { SessionCookies } from '../sessions/session-cookies';
import { UsersService } from '../users/users.service';
import { OwnPasswordService } from './own-password.service';

@ApiTags('Accounts')
@Controller('api/v1/me')
export class MeController {
  constructor(
    private readonly users: UsersService,
    private readonly passwords: OwnPasswordService,
    private readonly cookies: SessionCookies,
  ) {}

  @GetEndpoint('', { summary: 'Who you are', access: 'actor', response: userSchema })
  async readMe(@CurrentActor() actor: Actor): Promise<User> {
    return this.users.get(actor.userId);
  }

  @PatchEndpoint('', { summary: 'Change your name', access: 'session', response: userSchema })
  async patchMe(
    @CurrentActor() actor: Actor,
    @Body({ schema: patchMeSchema }) patch: PatchMe,
  ): Promise<User> {
    return this.users.change(actor.userId, patch, actor);
  }

  @PutEndpoint('password', {
    summary: 'Change your password',
    description: 'All your other sessions end; this one goes on under a new cookie.',
    access: 'session',
    response: null,
    status: 204,
    problems: {
      403: ['accounts.wrong_password', 'accounts.confirm_required'],
      422: ['accounts.password_guessable'],
      429: ['accounts.too_many_attempts'],
    },
  })
  async changePassword(
    @CurrentActor() actor: Actor,
    @Body({ schema: changePasswordSchema }) body: ChangePassword,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<void> {
    const secret = await this.passwords.change(actor, body, request.get('user-agent') ?? '');
    this.cookies.set(request, response, secret);
  }
}
