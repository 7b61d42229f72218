import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

import type { SignInMethods } from '@homeserver/dto';
import { Inject, Injectable } from '@nestjs/common';

import { CONFIG, type Config } from '../../platform/config/config';
import { PasskeysUnavailableError } from './passkeys.errors';

/** Whom passkeys are made for, in the terms of WebAuthn. */
export interface RelyingParty {
  /** A host name: browsers give a passkey to pages of this name alone. */
  readonly id: string;
  /** Of the pages that may use them here. */
  readonly origins: string[];
}

/**
 * Under which name passkeys are made and used. Browsers bind them to a host name, and have none at addresses
 * without HTTPS but localhost; so it depends on how HomeServer was opened.
 */
@Injectable()
export class RelyingParties {
  private readonly publicAddress: URL | null;

  constructor(@Inject(CONFIG) { publicUrl }: Pick<Config, 'publicUrl'>) {
    this.publicAddress = publicUrl?.startsWith('https:') === true ? new URL(publicUrl) : null;
  }

  /** @throws PasskeysUnavailableError (409) */
  for(request: IncomingMessage): RelyingParty {
    const found = this.find(request);
    if (typeof found === 'string') throw new PasskeysUnavailableError(found);
    return found;
  }

  availabilityFor(request: IncomingMessage): SignInMethods['passkeys'] {
    const found = this.find(request);
    return typeof found === 'string'
      ? { available: false, reason: found }
      : { available: true, reason: null };
  }

  /** @returns or why there is none, for a person */
  private find(request: IncomingMessage): RelyingParty | string {
    // Its form was checked when the request came in.
    const host = request.headers.host ?? '';
    // Which scheme a proxy on the same machine speaks to the browser does not matter: both are secure there.
    if (/^localhost(:\d+)?$/.test(host))
      return { id: 'localhost', origins: [`http://${host}`, `https://${host}`] };
    const address = this.publicAddress;
    if (address === null)
      return 'Passkeys need HTTPS: set PUBLIC_URL to an address that begins with https://, and open that.';
    const name = address.hostname;
    if (isIP(name.replace(/[[\]]/g, '')) !== 0)
      return 'Passkeys need a name: set PUBLIC_URL to one, not to an IP address.';
    if (host !== address.host) return `Passkeys work at ${address.origin} only: open that address.`;
    return { id: name, origins: [address.origin] };
  }
}
