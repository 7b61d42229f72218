import { HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { inject, Injector } from '@angular/core';
import { catchError, from, switchMap, tap, throwError } from 'rxjs';

import { describeProblem } from './problem';
import { ME } from './session-api';
import { SessionEnd } from './session-end';
import { SessionStore } from './session-store';

/** Any call may learn that the session has ended: the sign-in is shown, and the call fails as it did. */
export const watchSession: HttpInterceptorFn = (request, next) => {
  const injector = inject(Injector);
  const handle = (error: unknown) => {
    if (codeOf(error) !== 'accounts.sign_in_required') return;
    // The first call of all asks who is there: nobody is no news then.
    if (!injector.get(SessionStore).isSettled()) return;
    // An answer may be older than a sign-in that came since. Who is there now, this one call says.
    if (request.url === ME) injector.get(SessionEnd).handle();
    else void injector.get(SessionEnd).check();
  };
  return next(request).pipe(tap({ error: handle }));
};

/**
 * Calls that need a fresh sign-in are repeated once the person has proven who they are. Pages need do
 * nothing for it. When the person lets it be, the call fails with the server's `accounts.confirm_required`:
 * nothing is to be said then, they know.
 */
export const confirmIdentity: HttpInterceptorFn = (request, next) => {
  const injector = inject(Injector);
  return next(request).pipe(
    catchError((error: unknown) => {
      if (codeOf(error) !== 'accounts.confirm_required') return throwError(() => error);
      return from(askOf(injector)).pipe(
        switchMap((isConfirmed) => (isConfirmed ? next(request) : throwError(() => error))),
      );
    }),
  );
};

/** The dialog and what it stands on are loaded when they are needed: seldom. */
async function askOf(injector: Injector): Promise<boolean> {
  const { ConfirmIdentity } = await import('./confirm-identity/confirm-identity');
  return injector.get(ConfirmIdentity).ask();
}

function codeOf(error: unknown): string | null {
  return error instanceof HttpErrorResponse ? describeProblem(error).code : null;
}
