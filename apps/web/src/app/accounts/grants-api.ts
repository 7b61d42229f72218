import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import {
  type Drive,
  type DriveGrants,
  MAXIMUM_PAGE_LIMIT,
  type ReplaceGrants,
} from '@homeserver/dto';
import { map, type Observable } from 'rxjs';

/** A drive as an administrator sees it, who need not have access to its files. */
export type AnyDrive = Pick<Drive, 'id' | 'name' | 'ownerId' | 'readOnly' | 'state'>;

/** Who may do what on which drive; for administrators. */
@Injectable({ providedIn: 'root' })
export class GrantsApi {
  private readonly http = inject(HttpClient);

  /** Every drive, also those that the caller has no access to, the default one first. */
  drives(): Observable<readonly AnyDrive[]> {
    const params = { all: 1, limit: MAXIMUM_PAGE_LIMIT };
    return this.http
      .get<{ items: readonly AnyDrive[] }>('/api/v1/drives', { params })
      .pipe(map((page) => page.items));
  }

  /** Every user once. */
  grants(driveId: string): Observable<DriveGrants> {
    return this.http.get<DriveGrants>(grantsOf(driveId));
  }

  replace(driveId: string, grants: ReplaceGrants): Observable<DriveGrants> {
    return this.http.put<DriveGrants>(grantsOf(driveId), grants);
  }
}

function grantsOf(driveId: string): string {
  return `/api/v1/drives/${driveId}/grants`;
}
