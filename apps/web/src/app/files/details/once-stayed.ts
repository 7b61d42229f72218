import { type Observable, switchMap, timer } from 'rxjs';

/** Whoever walks through the list by keyboard asks about none of the files on the way. */
const STAYED_MS = 250;

/** Asks once somebody has stayed at a file; who goes on unsubscribes before. */
export function onceStayed<Answer>(ask: () => Observable<Answer>): Observable<Answer> {
  return timer(STAYED_MS).pipe(switchMap(ask));
}
