import { inject, Injectable } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { HttpErrorResponse } from '@angular/common/http';
import { firstValueFrom } from 'rxjs';

import { describeProblem } from '../../core/problem';
import { FilesApi } from '../files-api';
import { KnownContents } from './known-contents';
import { UploadFolders } from './upload-folders';
import type { UploadItem } from './upload-item';
import { type UploadProgress, type UploadResult, UploadTransport } from './upload-transport';

export type CarryResult =
  | UploadResult
  | { readonly kind: 'known'; readonly twin: FileMetadata }
  | { readonly kind: 'folder' };

/** Brings one upload as far as it gets: its folder, a look whether the server has it already, its bytes. */
@Injectable({ providedIn: 'root' })
export class UploadCarrier {
  private readonly transport = inject(UploadTransport);
  private readonly folders = inject(UploadFolders);
  private readonly contents = inject(KnownContents);
  private readonly api = inject(FilesApi);

  /** Never rejects. @param signal stops it; what the server has is kept there */
  async carry(
    item: UploadItem,
    progress: UploadProgress,
    signal: AbortSignal,
  ): Promise<CarryResult> {
    if (item.isUnreadable) return { kind: 'unreadable' };
    try {
      const folderId = await this.folders.idOf(item.batch, item.folderPath);
      if (item.isFolder) return await this.makeFolder(item);
      const found = await this.find(item, folderId);
      if (signal.aborted) return { kind: 'stopped' };
      const result = found ?? (await this.send(item, folderId, progress, signal));
      // The server may just have been at the end of the try before.
      const isTaken = result.kind === 'refused' && result.problem.code === 'files.name_taken';
      return (isTaken ? await this.findOwn(item, folderId) : null) ?? result;
    } catch (failure) {
      return resultOf(failure);
    }
  }

  discard(item: UploadItem): void {
    if (item.url !== null) void this.transport.discard(item.url);
    item.url = null;
  }

  untilReachable(): Promise<void> {
    return this.transport.untilReachable();
  }

  private async makeFolder(item: UploadItem): Promise<CarryResult> {
    await this.folders.idOf(item.batch, item.path);
    return { kind: 'folder' };
  }

  /** What the server has already of it; null when its bytes are to be sent. */
  private async find(item: UploadItem, folderId: string | null): Promise<CarryResult | null> {
    if (item.twin !== null && item.batch.known === 'copy')
      return this.copy(item, item.twin, folderId);
    if (item.url !== null) return null;
    const own = await this.findOwn(item, folderId);
    if (own !== null || item.isCompared) return own;
    const twin = await this.contents.findTwin(item.file);
    item.isCompared = true;
    return twin === null ? null : { kind: 'known', twin };
  }

  /** What came of a try whose answer was lost; null when nothing did. What others of the batch have become is not it. */
  private async findOwn(item: UploadItem, folderId: string | null): Promise<CarryResult | null> {
    if (!item.isUncertain || folderId === null) return null;
    const found = await this.contents.findIn(folderId, item.file, item.conflict);
    const own = found.find(({ id }) => !item.batch.stored.has(id));
    return own === undefined ? null : { kind: 'stored', id: own.id };
  }

  private async copy(
    item: UploadItem,
    twin: FileMetadata,
    folderId: string | null,
  ): Promise<CarryResult> {
    const copy = await firstValueFrom(this.api.copyAs(twin.id, folderId, item.name));
    return { kind: 'stored', id: copy.id };
  }

  private async send(
    item: UploadItem,
    folderId: string | null,
    progress: UploadProgress,
    signal: AbortSignal,
  ): Promise<UploadResult> {
    const { file, conflict, url } = item;
    const tags = item.batch.tags();
    // What the server has begun keeps the tags that it was begun with.
    if (url === null) item.tags = tags;
    const request = { file, folderId, tags, conflict, url };
    const running = this.transport.send(request, progress);
    const stop = () => running.stop();
    signal.addEventListener('abort', stop);
    return running.result;
  }
}

function resultOf(failure: unknown): UploadResult {
  // What a file throws that cannot be read any more.
  if (failure instanceof DOMException) return { kind: 'unreadable' };
  if (!(failure instanceof HttpErrorResponse) || failure.status === 0)
    return { kind: 'disconnected' };
  if (failure.status === 401) return { kind: 'signed-out' };
  const problem = describeProblem(failure);
  return { kind: 'refused', status: failure.status, problem, retryAfterMs: null };
}
