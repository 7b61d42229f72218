import { Injectable } from '@nestjs/common';

import { ProxyTrust } from '../../platform/http/proxy-trust';
import { SecretCookie } from '../../platform/http/secret-cookie';

/** As long as browsers keep any; whether the session still holds is known here. */
const KEPT_SECONDS = 400 * 24 * 60 * 60;

/**
 * The cookie of a session. Over HTTPS its name begins with `__Host-`, which browsers take only with
 * `Secure` and for this host alone; one of that name cannot come from a plain or a neighbouring page.
 */
@Injectable()
export class SessionCookies extends SecretCookie {
  constructor(proxies: ProxyTrust) {
    super(proxies, {
      name: 'homeserver_session',
      securePrefix: '__Host-',
      path: '/',
      keptSeconds: KEPT_SECONDS,
    });
  }
}
