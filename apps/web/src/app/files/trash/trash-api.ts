import { HttpClient, HttpParams } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { EmptiedTrash, FileMetadata, TrashPage } from '@homeserver/dto';
import type { Observable } from 'rxjs';

const TRASH = '/api/v1/trash';
const PAGE_LIMIT = 200;

/** The calls about what is in the trash. Failures come as HttpErrorResponse. */
@Injectable({ providedIn: 'root' })
export class TrashApi {
  private readonly http = inject(HttpClient);

  list(cursor: string | null): Observable<TrashPage> {
    let params = new HttpParams().set('limit', PAGE_LIMIT);
    if (cursor !== null) params = params.set('cursor', cursor);
    return this.http.get<TrashPage>(TRASH, { params });
  }

  /** Answers the entry where it is now; 404 when it is not in the trash any more. */
  restore(id: string): Observable<FileMetadata> {
    return this.http.post<FileMetadata>(`${TRASH}/${id}/restore`, null);
  }

  remove(id: string): Observable<void> {
    return this.http.delete<void>(`${TRASH}/${id}`);
  }

  empty(driveId: string): Observable<EmptiedTrash> {
    return this.http.delete<EmptiedTrash>(TRASH, { params: { driveId } });
  }
}
