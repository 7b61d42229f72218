import { DestroyRef, inject, Injectable } from '@angular/core';
import { Router } from '@angular/router';
import type { User } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { PageOpener } from './page-opener';
import { SessionApi } from './session-api';
import { SessionStore } from './session-store';

/**
 * What happens when the session ends under a page, since somebody signed out, ended it or changed the
 * password elsewhere: the sign-in is shown, and leads back. The app is not loaded anew, so that the
 * uploads, and the reasons of those that failed, are still there afterwards.
 */
@Injectable({ providedIn: 'root' })
export class SessionEnd {
  private readonly session = inject(SessionStore);
  private readonly api = inject(SessionApi);
  private readonly router = inject(Router);
  private readonly opener = inject(PageOpener);
  private asking: Promise<void> | null = null;

  constructor() {
    // In another tab somebody may have signed in meanwhile.
    const onVisible = () => {
      if (document.visibilityState === 'visible' && this.session.user()) void this.check();
    };
    document.addEventListener('visibilitychange', onVisible);
    inject(DestroyRef).onDestroy(() => document.removeEventListener('visibilitychange', onVisible));
  }

  /** The server has said that nobody is signed in any more. */
  handle(): void {
    if (this.session.user() === null) return;
    this.session.forget();
    const returnTo = this.router.url;
    void this.router.navigate(['/sign-in'], { queryParams: { returnTo } });
  }

  /**
   * Asks the server whether the session is still there, once for all who want to know. When it is not,
   * the sign-in is shown. Never rejects; a server that is away tells nothing.
   */
  check(): Promise<void> {
    return (this.asking ??= this.ask().finally(() => (this.asking = null)));
  }

  private async ask(): Promise<void> {
    try {
      this.take(await firstValueFrom(this.api.me()));
    } catch {
      // 401 is seen by the interceptor, which calls handle(). Else nothing is known: whoever asked tries again.
    }
  }

  private take(user: User): void {
    const known = this.session.user();
    // What this page shows is not theirs.
    if (known && known.id !== user.id) this.opener.open(this.router.url);
    else this.session.update(user);
  }
}
