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

/** Why a folder cannot become a drive. */
export type RootFault =
  | 'not_absolute'
  | 'missing'
  | 'not_a_folder'
  | 'unreadable'
  | 'forbidden'
  | 'is_data'
  | 'not_writable';

const ROOT_FAULTS: Record<RootFault, string> = {
  not_absolute: 'Say the whole path, beginning with a slash.',
  missing: 'There is no such folder on the machine. Check the path, and that the disk is mounted.',
  not_a_folder: 'This is a file, not a folder. Choose the folder that it lies in.',
  unreadable: 'The system does not let HomeServer look into this folder. Check its permissions.',
  forbidden: 'This folder is the system’s own. Choose one that holds files of people.',
  is_data: 'HomeServer keeps its own data there. Choose a folder outside of it, and not around it.',
  not_writable:
    'HomeServer may not write there. Add it as read-only, or change its permissions or its mount.',
};

export class RootRefusedError extends InvalidInputError {
  constructor(
    readonly fault: RootFault,
    pointer = '#/path',
  ) {
    super([{ pointer, detail: ROOT_FAULTS[fault] }], `drives.root_${fault}`);
  }
}

export class RootOverlapsError extends InvalidInputError {
  /** @param name of the other drive; null where it is not the caller's to know */
  constructor(name: string | null) {
    const other = name === null ? 'another drive' : `the drive “${name}”`;
    super(
      [{ pointer: '#/path', detail: `This folder is, contains or lies in ${other}.` }],
      'drives.root_overlaps',
    );
  }
}

export class DriveKnownError extends DomainError {
  constructor(name: string) {
    super(
      'drives.known',
      409,
      `This folder bears the marker of the drive “${name}”, which HomeServer serves already. Remove .homeserver from it if it is a copy.`,
    );
  }
}

export class DriveBeingForgottenError extends DomainError {
  constructor() {
    super(
      'drives.being_forgotten',
      409,
      'This drive was forgotten a moment ago, and what was known of its files is still being removed. Try again in a minute.',
    );
  }
}

export class DriveNameTakenError extends DomainError {
  constructor() {
    super('drives.name_taken', 409, 'There is a drive of this name already. Choose another name.');
  }
}

/** Of the configuration: a name that means another folder already. */
export class DriveElsewhereError extends DomainError {
  constructor(root: string) {
    super(
      'drives.elsewhere',
      409,
      `The drive of this name lies at ${root}, and what is found here is not its disk. Choose another name, or forget that drive.`,
    );
  }
}

export class DefaultDriveError extends DomainError {
  constructor() {
    super(
      'drives.is_default',
      409,
      'HomeServer needs this drive: it can be neither forgotten nor read-only.',
    );
  }
}

export class PersonalDriveError extends DomainError {
  constructor() {
    super(
      'drives.is_personal',
      409,
      'A personal drive bears the name of its user, is written to by them, and stays as long as they do.',
    );
  }
}

/** Of an owner or a group that new files are to have. */
export class OwnerRefusedError extends InvalidInputError {
  constructor(member: 'fileOwner' | 'fileGroup', why: 'unknown' | 'not_ours') {
    const kind = member === 'fileOwner' ? 'user' : 'group';
    super(
      [
        {
          pointer: `#/settings/${member}`,
          detail:
            why === 'unknown'
              ? `This machine knows no such ${kind}.`
              : `Only a HomeServer that runs as root can give files to another ${kind}.`,
        },
      ],
      why === 'unknown' ? 'drives.unknown_owner' : 'drives.owner_not_possible',
    );
  }
}
