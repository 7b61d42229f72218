import { type SignInMethods, signInMethodsSchema } from '@homeserver/dto';
import { Controller, Req } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { Request } from 'express';

import { GetEndpoint } from '../../platform/http/endpoint.decorator';
import { SignInMethodsService } from './sign-in-methods.service';

@ApiTags('Accounts')
@Controller('api/v1/auth/methods')
export class SignInMethodsController {
  constructor(private readonly methods: SignInMethodsService) {}

  @GetEndpoint('', {
    summary: 'Ways to sign in here',
    access: 'public',
    response: signInMethodsSchema,
  })
  async readSignInMethods(@Req() request: Request): Promise<SignInMethods> {
    return this.methods.methodsFor(request);
  }
}
