import { inject } from '@angular/core';
import { type ActivatedRouteSnapshot, type CanActivateFn, Router } from '@angular/router';
import type { Scope } from '@homeserver/dto';

import { returnPath } from './return-path';
import { SessionStore } from './session-store';

/** Where people arrive who named no page. */
export const START = '/dashboard';
/** The same for those who may not see the machine. */
const START_OF_GUESTS = '/files';

/**
 * Pages for people who are signed in; others are led to the sign-in, which leads on where nobody has an
 * account yet. While the server cannot tell who that is, the page is opened all the
 * same: it says what is wrong, and goes on by itself.
 */
export const signedIn: CanActivateFn = async (_route, state) => {
  const session = inject(SessionStore);
  const router = inject(Router);
  await session.ready();
  if (session.user() !== null) return true;
  const queryParams = state.url === START ? {} : { returnTo: state.url };
  return router.createUrlTree(['/sign-in'], { queryParams });
};

/** Pages for those whose role has a scope; others are led to where they begin. */
export function having(scope: Scope): CanActivateFn {
  return () => {
    const session = inject(SessionStore);
    if (!session.user() || session.can(scope)) return true;
    const start = session.can('monitoring:read') ? START : START_OF_GUESTS;
    return inject(Router).parseUrl(start);
  };
}

/** The sign-in: not for those who are signed in, nor before anybody can be. */
export const signedOut: CanActivateFn = async (route) => {
  const session = inject(SessionStore);
  const router = inject(Router);
  await session.ready();
  if (session.user()) {
    // A fresh sign-in by the identity provider that came to nothing: the session before it goes on.
    const problem = route.queryParamMap.get('problem');
    if (problem !== null) return router.createUrlTree(['/account'], { queryParams: { problem } });
    return router.parseUrl(returnPathOf(route));
  }
  return session.needsSetup() ? router.createUrlTree(['/setup']) : true;
};

/** The set-up: only while nobody has an account. */
export const beforeSetup: CanActivateFn = async () => {
  const session = inject(SessionStore);
  const router = inject(Router);
  await session.ready();
  if (session.user()) return router.parseUrl(START);
  return session.needsSetup() ? true : router.createUrlTree(['/sign-in']);
};

function returnPathOf(route: ActivatedRouteSnapshot): string {
  return returnPath(route.queryParamMap.get('returnTo'));
}
