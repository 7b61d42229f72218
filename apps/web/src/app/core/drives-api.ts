import { HttpClient } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { DrivePage } from '@homeserver/dto';
import type { Observable } from 'rxjs';

@Injectable({ providedIn: 'root' })
export class DrivesApi {
  private readonly http = inject(HttpClient);

  /** The drives that the caller may see, the default one first. */
  list(): Observable<DrivePage> {
    return this.http.get<DrivePage>('/api/v1/drives');
  }
}
