import { DomainError, InvalidInputError } from '../platform/http/domain-error';

const RETRY_AFTER_SECONDS = 30;

export class DriveNotFoundError extends DomainError {
  constructor() {
    super('drives.not_found', 404, 'There is no such drive.');
  }
}

export class DriveOfflineError extends DomainError {
  constructor(name: string) {
    super('drives.offline', 503, `The drive “${name}” is away. Connect its disk and try again.`, {
      retryAfterSeconds: RETRY_AFTER_SECONDS,
    });
  }
}

export class DriveReadOnlyError extends DomainError {
  constructor(name: string) {
    super('drives.read_only', 403, `The drive “${name}” can only be read.`);
  }
}

export class DriveForbiddenError extends DomainError {
  constructor(name: string, cause: unknown) {
    super(
      'drives.forbidden',
      403,
      `The system does not let HomeServer do this on the drive “${name}”. Check the owner and the permissions there.`,
      { cause },
    );
  }
}

export class DriveFullError extends DomainError {
  constructor(name: string, cause?: unknown) {
    super(
      'drives.full',
      507,
      `The drive “${name}” has not enough space left. Make room on it and try again.`,
      { cause },
    );
  }
}

export class ContentMissingError extends DomainError {
  constructor() {
    super(
      'files.content_missing',
      404,
      'The file is known, but its bytes are no longer on the drive.',
    );
  }
}

export class NameReservedError extends DomainError {
  constructor() {
    super(
      'files.name_reserved',
      422,
      'The name “.homeserver” is kept for HomeServer itself. Choose another name.',
      {
        errors: [{ pointer: '#/filename', detail: 'This name is reserved.' }],
      },
    );
  }
}

export class NameRefusedError extends DomainError {
  constructor() {
    super(
      'drives.name_refused',
      422,
      'The filesystem of the drive does not take this name. Leave out " * : < > ? \\ | and a dot or a space at the end.',
      { errors: [{ pointer: '#/filename', detail: 'The drive does not take this name.' }] },
    );
  }
}

export class NotAFileError extends DomainError {
  constructor() {
    super(
      'files.not_a_file',
      409,
      'A folder has taken the place of this file on the drive. Nothing was changed.',
    );
  }
}

/** Of a folder on which, or below which, another filesystem is mounted. */
export class MountedFolderError extends DomainError {
  constructor() {
    super(
      'files.is_mount',
      409,
      'Another disk is mounted on this folder, or in it. Unmount it first, or work on what is in it.',
    );
  }
}

export class OtherFilesystemError extends DomainError {
  constructor() {
    super(
      'drives.other_filesystem',
      409,
      'The folder lies on another disk than the rest of the drive. Copy it there instead.',
    );
  }
}

export class NoLinksError extends DomainError {
  constructor() {
    super('drives.no_links', 409, 'The filesystem of the drive has no symbolic links.');
  }
}

export class NoWritableDriveError extends DomainError {
  constructor() {
    super(
      'drives.none_writable',
      403,
      'There is no drive that you may write to. An administrator can grant you one.',
    );
  }
}

export class OwnerAccessError extends InvalidInputError {
  constructor(pointer: string) {
    super(
      [{ pointer, detail: 'The owner of a personal drive may always write there.' }],
      'drives.owner_keeps_access',
    );
  }
}

export class GrantToUnknownError extends InvalidInputError {
  constructor(pointer: string) {
    super([{ pointer, detail: 'There is no such user.' }], 'drives.unknown_user');
  }
}
