import {
  type ApiTokenPage,
  apiTokenPageSchema,
  type CreatedToken,
  createdTokenSchema,
  type CreateToken,
  createTokenSchema,
  idSchema,
} from '@homeserver/dto';
import { Body, Controller, Param } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';

import { CurrentActor } from '../../platform/access/access.decorator';
import type { Actor } from '../../platform/access/actor';
import { DeleteEndpoint, GetEndpoint, PostEndpoint } from '../../platform/http/endpoint.decorator';
import { TokensService } from './tokens.service';

@ApiTags('Accounts')
@Controller('api/v1/me/tokens')
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  @GetEndpoint('', {
    summary: 'Your API tokens, without their secrets',
    access: 'session',
    response: apiTokenPageSchema,
  })
  async listTokens(@CurrentActor() actor: Actor): Promise<ApiTokenPage> {
    return this.tokens.list(actor);
  }

  @PostEndpoint('', {
    summary: 'Make an API token',
    description: 'The token is shown this once; only its hash is kept.',
    access: 'session',
    response: createdTokenSchema,
    status: 201,
    problems: { 403: ['accounts.confirm_required'], 409: ['accounts.too_many_tokens'] },
  })
  async createToken(
    @CurrentActor() actor: Actor,
    @Body({ schema: createTokenSchema }) body: CreateToken,
  ): Promise<CreatedToken> {
    return this.tokens.create(actor, body);
  }

  @DeleteEndpoint(':id', {
    summary: 'Delete an API token',
    access: 'session',
    response: null,
    status: 204,
    problems: { 404: ['accounts.token_not_found'] },
  })
  async deleteToken(
    @CurrentActor() actor: Actor,
    @Param('id', { schema: idSchema }) id: string,
  ): Promise<void> {
    await this.tokens.delete(actor, id);
  }
}
