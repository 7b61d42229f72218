import { HttpClient, HttpParams, type HttpResponse } from '@angular/common/http';
import { inject, Injectable } from '@angular/core';
import type {
  ClaimList,
  FileDetails,
  FileMetadata,
  FilePage,
  FileVersionPage,
  Job,
  KnownFiles,
  PatchFile,
  TagCountPage,
  UsageNode,
} from '@homeserver/dto';
import { map, type Observable } from 'rxjs';

import type { ListScope } from './listing/list-changes';

const FILES = '/api/v1/files';
/** More tags than a household keeps in mind; the rarest ones are left out of suggestions. */
const MOST_TAGS = 500;

export interface PageRequest {
  readonly limit: number;
  /** null for the first page. */
  readonly cursor: string | null;
}

/** A folder that something goes to. */
export interface FolderPlace {
  readonly driveId: string;
  readonly folderId: string;
  /** For a person. */
  readonly name: string;
}

/** What may be known of a file before its bytes are read. */
export interface KnownFile {
  readonly size: number;
  readonly filename?: string;
  readonly folderId?: string;
}

/** It is done, or work in the background has begun. */
export type TransferAnswer =
  | { readonly kind: 'file'; readonly file: FileMetadata }
  | { readonly kind: 'job'; readonly job: Job };

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

  /** 409 `files.name_taken`. */
  createFolder({ driveId, folderId }: FolderPlace, filename: string): Observable<FileMetadata> {
    const folder = { driveId, parentId: folderId, filename };
    return this.http.post<FileMetadata>(`${FILES}/folders`, folder);
  }

  /** The folder with this name, which is made where there is none. @param parentId null: where the server puts what names no drive */
  useFolder(parentId: string | null, filename: string): Observable<FileMetadata> {
    const folder = { parentId, filename, conflict: 'use' };
    return this.http.post<FileMetadata>(`${FILES}/folders`, folder);
  }

  /** Files that may be one that is about to be sent: of its size, and of its name or in its folder. */
  known(file: KnownFile): Observable<KnownFiles> {
    return this.http.get<KnownFiles>(`${FILES}/known`, { params: { ...file } });
  }

  /** A copy of one file, under a name that gets a number where it is taken. */
  copyAs(id: string, parentId: string | null, filename: string): Observable<FileMetadata> {
    return this.http.post<FileMetadata>(`${FILES}/${id}/copy`, { parentId, filename });
  }

  /** 409 `files.name_taken`, `files.into_itself`; 412 where someone was quicker. */
  move(file: FileMetadata, { driveId, folderId }: FolderPlace): Observable<TransferAnswer> {
    const place = { driveId, parentId: folderId };
    const headers = { 'If-Match': `"v${file.version}"` };
    return this.http
      .patch<FileMetadata | Job>(`${FILES}/${file.id}`, place, { headers, observe: 'response' })
      .pipe(map(transferAnswer));
  }

  /** The copy gets a name that is free. */
  copy(id: string, { driveId, folderId }: FolderPlace): Observable<TransferAnswer> {
    const place = { driveId, parentId: folderId };
    return this.http
      .post<FileMetadata | Job>(`${FILES}/${id}/copy`, place, { observe: 'response' })
      .pipe(map(transferAnswer));
  }

  /** The folders in a folder, by name. */
  folders(folderId: string, { limit, cursor }: PageRequest): Observable<FilePage> {
    const params = { folderId, kind: 'folder', limit, ...(cursor === null ? {} : { cursor }) };
    return this.http.get<FilePage>(`${FILES}/list`, { params });
  }

  /** What takes the room in a folder, three levels deep: the last one gives folders the colours of their files. */
  usage(folderId: string): Observable<UsageNode> {
    return this.http.get<UsageNode>(`${FILES}/${folderId}/usage`, { params: { depth: 3 } });
  }

  /** The missing files that a file may be, the best first. */
  claims(id: string): Observable<ClaimList> {
    return this.http.get<ClaimList>(`${FILES}/${id}/claims`);
  }

  /** Answers the missing file, which is there again; 404 or 409 where either is not what it was. */
  claim(file: FileMetadata, missingId: string): Observable<FileMetadata> {
    const headers = { 'If-Match': `"v${file.version}"` };
    return this.http.post<FileMetadata>(`${FILES}/${file.id}/claims`, { missingId }, { headers });
  }

  /** What a file was earlier, what was replaced last first. */
  versions(id: string, { limit, cursor }: PageRequest): Observable<FileVersionPage> {
    const params = { limit, ...(cursor === null ? {} : { cursor }) };
    return this.http.get<FileVersionPage>(`${FILES}/${id}/versions`, { params });
  }

  /** Answers the file as it is then; what it was is the newest version. 404 `files.version_not_found`. */
  restoreVersion(id: string, versionId: string): Observable<FileMetadata> {
    return this.http.post<FileMetadata>(`${FILES}/${id}/versions/${versionId}/restore`, null);
  }

  deleteVersion(id: string, versionId: string): Observable<void> {
    return this.http.delete<void>(`${FILES}/${id}/versions/${versionId}`);
  }

  /** It is read, and compared with its hash, in the background. */
  verify(id: string): Observable<Job> {
    return this.http.post<Job>(`${FILES}/${id}/verification`, null);
  }

  /** 409 `drives.other_filesystem`, `files.is_mount` where it can only be deleted for good. */
  trash(id: string): Observable<void> {
    return this.http.delete<void>(`${FILES}/${id}`);
  }

  deleteForGood(id: string): Observable<void> {
    return this.http.delete<void>(`${FILES}/${id}`, { params: { permanent: 1 } });
  }

  /** Every tag in use, most used first. */
  tags(): Observable<TagCountPage> {
    return this.http.get<TagCountPage>('/api/v1/tags', { params: { limit: MOST_TAGS } });
  }
}

function transferAnswer({ body }: HttpResponse<FileMetadata | Job>): TransferAnswer {
  if (body === null) throw new TypeError('The answer has no body.');
  return 'progress' in body ? { kind: 'job', job: body } : { kind: 'file', file: body };
}

/** Where one or more of them are to be had as an archive. */
export function archiveAddress(entries: readonly Pick<FileMetadata, 'id'>[]): string {
  const [first, ...others] = entries.map(({ id }) => id);
  return others.length === 0
    ? `${FILES}/${first}/zip`
    : `${FILES}/zip?ids=${[first, ...others].join(',')}`;
}

/** Where the bytes of a file are, to be downloaded by the browser itself. */
export function downloadAddress(id: string): string {
  return `${FILES}/${id}/download`;
}

/** The same of what it was earlier. */
export function versionAddress(id: string, versionId: string): string {
  return `${FILES}/${id}/versions/${versionId}/download`;
}

/** The same to be shown in the page. */
export function inlineAddress(file: FileMetadata): string {
  return `${FILES}/${file.id}/download?inline=1`;
}
