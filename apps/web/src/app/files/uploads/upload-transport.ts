import { Injectable } from '@angular/core';
import { type FileMetadata, fileMetadataSchema } from '@homeserver/dto';

import { describeAnswer, type ProblemView } from '../../core/problem';
import type { UploadTarget } from './upload-target';

export interface UploadRequest {
  readonly file: File;
  /** null: where the server puts what names no drive. */
  readonly target: UploadTarget | null;
  readonly tags: readonly string[];
}

export type UploadResult =
  | { readonly kind: 'stored'; readonly file: FileMetadata }
  | { readonly kind: 'refused'; readonly problem: ProblemView }
  /** The session has ended, so that nothing is taken until somebody has signed in. */
  | { readonly kind: 'signed-out' }
  /** The connection broke, before or after the server had everything. */
  | { readonly kind: 'disconnected' }
  /** The file was changed, moved or deleted on this device since it was chosen. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'cancelled' };

export interface RunningUpload {
  /** Never rejects. */
  readonly result: Promise<UploadResult>;
  cancel(): void;
}

/** Carries files to the server, one request each. */
@Injectable({ providedIn: 'root', useFactory: () => new XhrUploadTransport() })
export abstract class UploadTransport {
  /** @param onProgress how many bytes of the file have left this device */
  abstract send(request: UploadRequest, onProgress: (sentBytes: number) => void): RunningUpload;

  /** Resolves when the server answers again. */
  abstract untilReachable(): Promise<void>;
}

const UPLOAD = '/api/v1/files/upload';
const ALIVE = '/health/live';
const PROBE_EVERY_MS = 3000;

/** By XMLHttpRequest: fetch tells no progress of what it sends. */
export class XhrUploadTransport extends UploadTransport {
  override send(upload: UploadRequest, onProgress: (sentBytes: number) => void): RunningUpload {
    const request = new XMLHttpRequest();
    const result = new Promise<UploadResult>((resolve) => {
      request.upload.onprogress = (event) => {
        // The form around the file counts a few bytes too.
        onProgress(Math.min(event.loaded, upload.file.size));
      };
      request.onload = () => resolve(resultOf(request));
      request.onabort = () => resolve({ kind: 'cancelled' });
      request.onerror = () => void causeOfLoss(upload.file).then(resolve);
    });
    request.open('POST', addressFor(upload.target));
    request.setRequestHeader('Accept', 'application/json');
    request.send(formFor(upload));
    return { result, cancel: () => request.abort() };
  }

  override async untilReachable(): Promise<void> {
    while (!(await isAlive())) await untilNextTry();
  }
}

function addressFor(target: UploadTarget | null): string {
  if (target === null) return UPLOAD;
  const { driveId, folderId } = target;
  return `${UPLOAD}?${new URLSearchParams({ driveId, folderId }).toString()}`;
}

/** The tags stand before the file, so that the server knows them when its bytes begin. */
function formFor({ file, tags }: UploadRequest): FormData {
  const form = new FormData();
  for (const tag of tags) form.append('tags', tag);
  form.append('file', file, file.name);
  return form;
}

function resultOf(request: XMLHttpRequest): UploadResult {
  if (request.status === 201) {
    const stored = fileMetadataSchema.safeParse(parse(request.responseText));
    if (stored.success) return { kind: 'stored', file: stored.data };
  }
  const requestId = request.getResponseHeader('X-Request-Id');
  const problem = describeAnswer(request.status, request.responseText, requestId);
  if (problem.code === 'accounts.sign_in_required') return { kind: 'signed-out' };
  return { kind: 'refused', problem };
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    // Not ours, such as the page of a proxy: it counts as an answer without a file.
    return null;
  }
}

/** A broken connection and a file that cannot be read any more look the same to the request. */
async function causeOfLoss(file: File): Promise<UploadResult> {
  try {
    await file.slice(0, 1).arrayBuffer();
    return { kind: 'disconnected' };
  } catch {
    // NotFoundError or NotReadableError: it is gone, or not the one that was chosen.
    return { kind: 'unreadable' };
  }
}

async function isAlive(): Promise<boolean> {
  try {
    return (await fetch(ALIVE, { cache: 'no-store' })).ok;
  } catch {
    // Nothing answers yet.
    return false;
  }
}

function untilNextTry(): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, PROBE_EVERY_MS);
    window.addEventListener('online', end);
  });
}
