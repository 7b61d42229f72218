import { Injectable } from '@nestjs/common';

import { ProxyTrust } from '../../platform/http/proxy-trust';
import { SecretCookie } from '../../platform/http/secret-cookie';

const KEPT_SECONDS = 10 * 60;

/**
 * Binds a way to the identity provider to the browser that it was begun in: an answer that somebody else slips
 * into a browser (CSRF at sign-in, OpenID Connect Core, section 3.1.2.1) finds no such cookie there. It is `Lax`
 * because the provider's page leads back here.
 */
@Injectable()
export class IdentityFlowCookie extends SecretCookie {
  constructor(proxies: ProxyTrust) {
    super(proxies, {
      name: 'homeserver_oidc',
      // `__Host-` would want the path `/`: this one goes to its own calls alone.
      securePrefix: '__Secure-',
      path: '/api/v1/auth/oidc',
      keptSeconds: KEPT_SECONDS,
    });
  }
}
