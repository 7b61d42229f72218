import { inject, Injectable } from '@angular/core';
import { Router } from '@angular/router';

import { PageOpener } from './page-opener';
import { SessionStore } from './session-store';

/** Where somebody goes who has just signed in. */
@Injectable({ providedIn: 'root' })
export class Arrival {
  private readonly session = inject(SessionStore);
  private readonly router = inject(Router);
  private readonly opener = inject(PageOpener);

  /** @param path of this app, as `returnPath()` made it */
  async goTo(path: string): Promise<void> {
    const former = this.session.formerUser();
    const isAnother = former !== null && former.id !== this.session.user()?.id;
    // What is in the memory of this page, such as uploads and lists, is somebody else's.
    if (isAnother) this.opener.open(path);
    else await this.router.navigateByUrl(path, { replaceUrl: true });
  }
}
