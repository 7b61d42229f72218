import { computed, inject, Injectable, signal } from '@angular/core';
import type { HomeServerEvent } from '@homeserver/dto';
import { firstValueFrom } from 'rxjs';

import { describeProblem, type ProblemView } from '../../core/problem';
import { SocketClient } from '../../core/socket-client';
import { canBeTold } from './event-words';
import { EventsApi, TOLD_TYPES } from './events-api';
import { happeningsOf, withEvents } from './happening';

/** Enough that a large upload and what came before it are both told. */
const KEPT_EVENTS = 200;
const SHOWN_HAPPENINGS = 4;

/** What has happened lately, for as long as the dashboard is open. */
@Injectable()
export class RecentEventsStore {
  private readonly api = inject(EventsApi);
  private readonly known = signal<readonly HomeServerEvent[] | null>(null);
  private readonly failure = signal<ProblemView | null>(null);

  /** null until they are known. */
  readonly happenings = computed(() => {
    const events = this.known();
    return events === null ? null : happeningsOf(events, SHOWN_HAPPENINGS);
  });
  /** Why the last try to load them failed; null when it did not. */
  readonly problem = this.failure.asReadonly();

  constructor() {
    void this.load();
    // The list is asked for again whenever the socket opens, so nothing is missed that came in between.
    new SocketClient({
      path: () => `/api/v1/events/ws?types=${TOLD_TYPES}`,
      onMessage: (message) => this.receive(message),
      onOpen: () => void this.load(),
    });
  }

  /** Never rejects: what went wrong is in `problem`. */
  async load(): Promise<void> {
    try {
      const page = await firstValueFrom(this.api.newest(KEPT_EVENTS));
      const told = page.items.filter(canBeTold);
      this.known.update((known) => withEvents(known ?? [], told, KEPT_EVENTS));
      this.failure.set(null);
    } catch (error) {
      this.failure.set(describeProblem(error));
    }
  }

  private receive(message: unknown): void {
    if (isTold(message))
      this.known.update((known) => withEvents(known ?? [], [message], KEPT_EVENTS));
  }
}

/** Enough to tell one from another message; the server checks the rest against the same contract. */
function isTold(message: unknown): message is HomeServerEvent {
  if (typeof message !== 'object' || message === null || !('type' in message)) return false;
  return typeof message.type === 'string' && canBeTold({ type: message.type });
}
