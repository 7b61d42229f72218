import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { EventPage } from '@homeserver/dto';
import type { Observable } from 'rxjs';

/** What the dashboard tells of; of accounts, grants and jobs only administrators are told. */
export const TOLD_TYPES = 'homeserver.file.*,homeserver.user.*,homeserver.drive.*,homeserver.job.*';

@Injectable({ providedIn: 'root' })
export class EventsApi {
  private readonly http = inject(HttpClient);

  /** What has happened, the newest first. */
  newest(limit: number): Observable<EventPage> {
    return this.http.get<EventPage>('/api/v1/events', {
      params: { types: TOLD_TYPES, order: 'desc', limit },
    });
  }
}
