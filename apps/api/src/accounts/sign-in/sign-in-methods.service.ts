import type { IncomingMessage } from 'node:http';

import type { SignInMethods } from '@homeserver/dto';
import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../../platform/config/config';
import { RelyingParties } from '../passkeys/relying-parties';

/** Knows by what people can sign in here. */
@Injectable()
export class SignInMethodsService {
  constructor(
    @Inject(CONFIG) private readonly config: Pick<Config, 'identityProvider'>,
    private readonly parties: RelyingParties,
  ) {}

  /** The same for everybody: it tells nothing about who there is. */
  methodsFor(request: IncomingMessage): SignInMethods {
    const { identityProvider } = this.config;
    return {
      passkeys: this.parties.availabilityFor(request),
      oidc: identityProvider === null ? null : { name: identityProvider.name },
    };
  }
}
