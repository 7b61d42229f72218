import type { Conflict } from '@homeserver/dto';

/** Where the file of an upload goes, and what is to become of it. */
export interface UploadPlan {
  readonly driveId: string;
  readonly folderId: string;
  readonly filename: string;
  readonly tags: string[];
  readonly conflict: Conflict;
  /** When the file was last changed, where its client told. */
  readonly modifiedAt: Date | null;
  /** 32 bytes that its hash must be; null where nobody knows. */
  readonly sha256: Buffer | null;
}

/** An upload in parts, as it was created. Sizes in bytes. */
export interface NewUpload extends UploadPlan {
  readonly id: string;
  readonly userId: string;
  readonly stagedName: string;
  /** Upload-Metadata as it came. */
  readonly metadata: string;
  readonly length: number;
  /** How far the bytes are on the disk. */
  readonly offset: number;
}

export interface Upload extends NewUpload {
  readonly expiresAt: Date;
  /** The file that it has become; null until then. */
  readonly fileId: string | null;
  /** Terminated, run out, or come to nothing. */
  readonly isGone: boolean;
}

/** A right to write to an upload, which ends by itself. */
export interface UploadLease {
  readonly uploadId: string;
  readonly holder: string;
  readonly fence: number;
}
