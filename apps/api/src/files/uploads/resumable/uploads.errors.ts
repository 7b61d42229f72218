import { DomainError } from '../../../platform/http/domain-error';

/** Absent, or somebody else's: they cannot tell which. */
export class UploadNotFoundError extends DomainError {
  constructor() {
    super('uploads.not_found', 404, 'There is no such upload. Begin it anew.');
  }
}

export class UploadGoneError extends DomainError {
  constructor() {
    super(
      'uploads.gone',
      410,
      'This upload was ended, or waited for too long: what had come of it is removed. Begin it anew.',
    );
  }
}

/** Somebody else writes to it, or its file is being made at this moment. */
export class UploadBusyError extends DomainError {
  constructor() {
    super(
      'uploads.busy',
      423,
      'Another request is at work on this upload at this moment. Try again in a second.',
      { retryAfterSeconds: 1 },
    );
  }
}

export class OffsetConflictError extends DomainError {
  constructor(readonly offset: number) {
    super(
      'uploads.offset_conflict',
      409,
      `The upload goes on at byte ${offset}. Ask for its offset, and send what comes from there.`,
    );
  }
}

export class UploadTooLongError extends DomainError {
  constructor() {
    super('uploads.too_long', 413, 'These are more bytes than the upload was to have.');
  }
}

/** More than Tus-Max-Size. */
export class UploadTooLargeError extends DomainError {
  constructor() {
    super('http.too_large', 413, 'No file of this size is taken here.');
  }
}

/** The bytes of one request are not those that its client has sent. */
export class ChecksumMismatchError extends DomainError {
  constructor() {
    super(
      'uploads.checksum_mismatch',
      460,
      'The bytes arrived damaged: their checksum is another one. Nothing of them was kept; send them again.',
    );
  }
}

/** The whole file is not the one that was announced. */
export class ContentMismatchError extends DomainError {
  constructor() {
    super(
      'uploads.content_mismatch',
      460,
      'The file is not the one that was announced: its SHA-256 is another one. Nothing of it was kept; begin it anew.',
    );
  }
}

export class ChecksumUnsupportedError extends DomainError {
  constructor(algorithms: readonly string[]) {
    super(
      'uploads.checksum_unsupported',
      400,
      `A checksum must be one of ${algorithms.join(', ')}.`,
    );
  }
}

export class TusVersionError extends DomainError {
  constructor(version: string) {
    super(
      'uploads.unsupported_version',
      412,
      `Uploads are spoken in tus ${version} here: say so in the header Tus-Resumable.`,
    );
  }
}

/** Each costs a row, and claims room. */
export class TooManyUploadsError extends DomainError {
  constructor() {
    super(
      'uploads.too_many',
      429,
      'Too many of your uploads are unfinished. Finish or end some of them first.',
      { retryAfterSeconds: 60 },
    );
  }
}

/** The client went away in the middle: nobody is left to be told. */
export class UploadCutOffError extends DomainError {
  constructor() {
    super(
      'http.cut_off',
      400,
      'The upload was cut off. What had arrived is kept: ask for its offset, and go on from there.',
    );
  }
}
