import { HttpClient, HttpParams } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type { FileDetails, FileMetadata, FilePage, PatchFile, TagCountPage } from '@homeserver/dto';
import type { Observable } from 'rxjs';

import type { ListScope } from './listing/list-changes';

const FILES = '/api/v1/files';
/** More tags than a household keeps in mind; the rarest ones are left out of suggestions. */
const MOST_TAGS = 500;

export interface PageRequest {
  readonly limit: number;
  /** null for the first page. */
  readonly cursor: string | null;
}

/** The calls about files and tags. Failures come as HttpErrorResponse. */
@Injectable({ providedIn: 'root' })
export class FilesApi {
  private readonly http = inject(HttpClient);

  list(scope: ListScope, page: PageRequest): Observable<FilePage> {
    const { view } = scope;
    let params = new HttpParams()
      .set('driveId', scope.driveId)
      .set('folderId', scope.folderId)
      .set('sort', view.sort)
      .set('order', view.order)
      .set('limit', page.limit);
    for (const tag of view.tags) params = params.append('tag', tag);
    if (view.text !== '') params = params.set('q', view.text);
    if (page.cursor !== null) params = params.set('cursor', page.cursor);
    return this.http.get<FilePage>(`${FILES}/list`, { params });
  }

  metadata(id: string): Observable<FileDetails> {
    return this.http.get<FileDetails>(`${FILES}/${id}/metadata`);
  }

  /** Changes what it was when it was last seen: 412 where someone was quicker. */
  change(file: FileMetadata, change: PatchFile): Observable<FileMetadata> {
    const headers = { 'If-Match': `"v${file.version}"` };
    return this.http.patch<FileMetadata>(`${FILES}/${file.id}`, change, { headers });
  }

  deleteForGood(id: string): Observable<void> {
    return this.http.delete<void>(`${FILES}/${id}`, { params: { permanent: 1 } });
  }

  /** Every tag in use, most used first. */
  tags(): Observable<TagCountPage> {
    return this.http.get<TagCountPage>('/api/v1/tags', { params: { limit: MOST_TAGS } });
  }
}

/** Where the bytes of a file are, to be downloaded by the browser itself. */
export function downloadAddress(id: string): string {
  return `${FILES}/${id}/download`;
}

/** The same to be shown in the page. */
export function inlineAddress(file: FileMetadata): string {
  return `${FILES}/${file.id}/download?inline=1`;
}
