import { idSchema, type SessionPage, sessionPageSchema } from '@homeserver/dto';
import { Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { DeleteEndpoint, GetEndpoint } from '../../platform/http/endpoint.decorator';
import { SessionsService } from './sessions.service';

@ApiTags('Accounts')
@Controller('api/v1/me/sessions')
export class SessionsController {
  constructor(private readonly sessions: SessionsService) {}

  @GetEndpoint('', {
    summary: 'The browsers in which you are signed in',
    access: 'session',
    response: sessionPageSchema,
  })
  async listSessions(@CurrentActor() actor: Actor): Promise<SessionPage> {
    return this.sessions.list(actor);
  }

  @DeleteEndpoint(':id', {
    summary: 'End one of your sessions',
    access: 'session',
    response: null,
    status: 204,
    problems: { 403: ['accounts.confirm_required'], 404: ['accounts.session_not_found'] },
  })
  async endSession(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<void> {
    await this.sessions.end(actor, id);
  }

  @DeleteEndpoint('', {
    summary: 'End all your other sessions',
    access: 'session',
    response: null,
    status: 204,
    problems: { 403: ['accounts.confirm_required'] },
  })
  async endOtherSessions(@CurrentActor() actor: Actor): Promise<void> {
    await this.sessions.endOthers(actor);
  }
}
