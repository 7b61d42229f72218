import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { CorruptedPage, DrivePage } from '@homeserver/dto';
import type { Observable } from 'rxjs';

@Injectable({ providedIn: 'root' })
export class DrivesApi {
  private readonly http = inject(HttpClient);

  /** The drives that the caller may see, the default one first. */
  list(): Observable<DrivePage> {
    return this.http.get<DrivePage>('/api/v1/drives');
  }

  /** Files of a drive whose bytes are not those that were stored, what was found last first. */
  corrupted(driveId: string, limit: number): Observable<CorruptedPage> {
    return this.http.get<CorruptedPage>('/api/v1/files/corrupted', { params: { driveId, limit } });
  }
}
