import { HttpClient, HttpParams } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { AuditPage } from '@homeserver/dto';
import type { Observable } from 'rxjs';

const PAGE_LIMIT = 50;

export interface AuditFilter {
  /** Event types, such as `homeserver.file.*`; empty: all. */
  readonly types: readonly string[];
  /** Only what this user did; null: everybody. */
  readonly actorId: string | null;
}

/** Who did what, the newest first; for administrators. */
@Injectable({ providedIn: 'root' })
export class AuditApi {
  private readonly http = inject(HttpClient);

  list(filter: AuditFilter, cursor: string | null): Observable<AuditPage> {
    let params = new HttpParams().set('limit', PAGE_LIMIT);
    if (filter.types.length > 0) params = params.set('types', filter.types.join(','));
    if (filter.actorId !== null) params = params.set('actorId', filter.actorId);
    if (cursor !== null) params = params.set('cursor', cursor);
    return this.http.get<AuditPage>('/api/v1/audit', { params });
  }
}
