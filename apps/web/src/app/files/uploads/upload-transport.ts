import { Injectable } from '@angular/core';
import type { Conflict } from '@homeserver/dto';
import type { DetailedError, UploadOptions } from 'tus-js-client';

import { describeAnswer, type ProblemView } from '../../core/problem';
import { Reachability } from './reachability';

export interface UploadRequest {
  readonly file: File;
  /** null: where the server puts what names no drive. */
  readonly folderId: string | null;
  readonly tags: readonly string[];
  readonly conflict: Conflict;
  /** Where the server keeps what has arrived before; null for a new upload. */
  readonly url: string | null;
}

export interface UploadProgress {
  /** How many bytes of the file have left this device. */
  onProgress(sentBytes: number): void;
  /** The server has a place for it now, where it can be gone on with. */
  onUrl(url: string): void;
}

export type UploadResult =
  | { readonly kind: 'stored'; readonly id: string }
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly problem: ProblemView;
      /** How long the server wants to be left alone; null where it does not say. */
      readonly retryAfterMs: number | null;
    }
  /** The server has nothing of it any more: it begins anew. */
  | { readonly kind: 'gone' }
  /** The session has ended, so that nothing is taken until somebody has signed in. */
  | { readonly kind: 'signed-out' }
  /** The connection broke, before or after the server had everything. */
  | { readonly kind: 'disconnected' }
  /** The file was changed, moved or deleted on this device since it was chosen. */
  | { readonly kind: 'unreadable' }
  | { readonly kind: 'stopped' };

export interface RunningUpload {
  /** Never rejects. */
  readonly result: Promise<UploadResult>;
  /** What the server has is kept there. */
  stop(): void;
}

/** Carries files to the server. */
@Injectable({ providedIn: 'root', useFactory: () => new TusTransport() })
export abstract class UploadTransport {
  abstract send(request: UploadRequest, progress: UploadProgress): RunningUpload;

  /** Tells the server to remove what it has of an upload. Never rejects: else it removes it by itself some days later. */
  abstract discard(url: string): Promise<void>;

  /** Resolves when the server answers again. */
  abstract untilReachable(): Promise<void>;
}

const ENDPOINT = '/api/v1/uploads';
/** Tunnels and proxies that take no more than 100 MB at once let these pass. */
const PIECE_BYTES = 50_000_000;
/** So small a file is one request; of a larger one the server shall have a place before its bytes are sent. */
const AT_ONCE_BYTES = 1_048_576;

const NAME_TAKEN = JSON.stringify({
  code: 'files.name_taken',
  detail: 'The name is taken by now. Choose another one, or replace what bears it.',
});

/** By tus 1.0.0. It neither tries again nor remembers: the queue does, which knows of all uploads. */
export class TusTransport extends UploadTransport {
  private readonly reachability = new Reachability();

  override send(request: UploadRequest, progress: UploadProgress): RunningUpload {
    const stopping = new AbortController();
    const result = new Promise<UploadResult>((resolve) => {
      stopping.signal.addEventListener('abort', () => resolve({ kind: 'stopped' }));
      // Its code comes with the first upload: the files page does without it.
      import('tus-js-client').then(
        ({ Upload }) => {
          if (stopping.signal.aborted) return;
          const upload = new Upload(request.file, {
            ...settingsOf(request),
            onProgress: (sent) => progress.onProgress(Math.min(sent, request.file.size)),
            onUploadUrlAvailable: () => {
              if (upload.url !== null) progress.onUrl(pathOf(upload.url));
            },
            onSuccess: ({ lastResponse }) => {
              resolve({ kind: 'stored', id: lastResponse.getHeader('Homeserver-File-Id') ?? '' });
            },
            onError: (error) => void causeOf(error, request).then(resolve),
          });
          stopping.signal.addEventListener('abort', () => void upload.abort(false));
          upload.start();
        },
        () => resolve({ kind: 'disconnected' }),
      );
    });
    return { result, stop: () => stopping.abort() };
  }

  override async discard(url: string): Promise<void> {
    try {
      const { Upload } = await import('tus-js-client');
      await Upload.terminate(url, { retryDelays: [] });
    } catch {
      // Out of reach, or over already.
    }
  }

  override untilReachable(): Promise<void> {
    return this.reachability.wait();
  }
}

function settingsOf({ file, folderId, tags, conflict, url }: UploadRequest): UploadOptions {
  const metadata: Record<string, string> = { filename: file.name, conflict };
  if (file.type !== '') metadata['filetype'] = file.type;
  if (file.lastModified > 0) metadata['lastModified'] = String(file.lastModified);
  if (folderId !== null) metadata['folderId'] = folderId;
  if (tags.length > 0) metadata['tags'] = tags.join(',');
  return {
    // With both, a refusal of what was begun would begin it anew without a word.
    ...(url === null ? { endpoint: ENDPOINT } : { uploadUrl: url }),
    metadata,
    chunkSize: PIECE_BYTES,
    uploadDataDuringCreation: file.size <= AT_ONCE_BYTES,
    retryDelays: null,
    storeFingerprintForResuming: false,
    headers: {
      Accept: 'application/json',
      // Of what was begun, another decision than that of its beginning counts.
      ...(url === null ? {} : { 'Homeserver-Conflict': conflict }),
    },
  };
}

/** Without the origin, so that it holds under another name of the server too. */
function pathOf(url: string): string {
  return new URL(url, location.href).pathname;
}

async function causeOf(error: Error, { file, url }: UploadRequest): Promise<UploadResult> {
  const response = responseOf(error);
  const status = response?.getStatus() ?? 0;
  const method = requestOf(error)?.getMethod();
  if (response === null || status === 0) return causeOfLoss(file);
  // An answer to HEAD has no body; this one says one thing only.
  const body = method === 'HEAD' && status === 409 ? NAME_TAKEN : response.getBody();
  const problem = describeAnswer(status, body, response.getHeader('X-Request-Id') ?? null);
  if (status === 401) return { kind: 'signed-out' };
  if (url !== null && (status === 404 || status === 410)) return { kind: 'gone' };
  return {
    kind: 'refused',
    status,
    problem,
    retryAfterMs: pauseOf(response.getHeader('Retry-After')),
  };
}

/** What a DetailedError of the client carries; null where no server answered. */
function responseOf(error: Error & Partial<Pick<DetailedError, 'originalResponse'>>) {
  return error.originalResponse ?? null;
}

function requestOf(error: Error & Partial<Pick<DetailedError, 'originalRequest'>>) {
  return error.originalRequest ?? null;
}

function pauseOf(header: string | undefined | null): number | null {
  return header !== null && header !== undefined && /^\d{1,5}$/.test(header)
    ? Number(header) * 1000
    : null;
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
