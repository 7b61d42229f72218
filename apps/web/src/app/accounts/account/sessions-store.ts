import { computed, inject, Injectable } from '@angular/core';
import type { Session } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { allPages } from '../../core/forms/all-pages';
import { Loadable } from '../../core/forms/loadable';
import { ProfileApi } from '../profile-api';

/** The browsers in which the person is signed in: this one first, then the latest used. */
@Injectable()
export class SessionsStore {
  readonly list = new Loadable<readonly Session[]>(async () =>
    inOrder(await allPages((cursor) => this.api.sessions(cursor))),
  );
  readonly hasOthers = computed(() => (this.list.value()?.length ?? 0) > 1);

  private readonly api = inject(ProfileApi);

  constructor() {
    void this.list.load();
  }

  /** @throws HttpErrorResponse 403, 404 */
  async end(id: string): Promise<void> {
    await firstValueFrom(this.api.endSession(id));
    this.list.update((sessions) => sessions.filter((session) => session.id !== id));
  }

  /** @throws HttpErrorResponse 403 */
  async endOthers(): Promise<void> {
    await firstValueFrom(this.api.endOtherSessions());
    this.list.update((sessions) => sessions.filter((session) => session.isCurrent));
  }
}

function inOrder(sessions: readonly Session[]): readonly Session[] {
  return [...sessions].sort(
    (one, other) =>
      Number(other.isCurrent) - Number(one.isCurrent) ||
      Date.parse(other.lastSeenAt) - Date.parse(one.lastSeenAt),
  );
}
