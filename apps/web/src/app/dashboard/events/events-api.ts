import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { EventPage } from '@homeserver/dto';
import type { Observable } from 'rxjs';

@Injectable({ providedIn: 'root' })
export class EventsApi {
  private readonly http = inject(HttpClient);

  /** What has happened to files, the newest first. */
  newestFileEvents(limit: number): Observable<EventPage> {
    return this.http.get<EventPage>('/api/v1/events', {
      params: { types: 'homeserver.file.*', order: 'desc', limit },
    });
  }
}
