import { MAXIMUM_TAGS } from '@homeserver/dto';

import { DomainError, InvalidInputError } from '../platform/http/domain-error';

export class FileNotFoundError extends DomainError {
  constructor() {
    super('files.not_found', 404, 'There is no such file. It may have been deleted or moved.');
  }
}

export class NameTakenError extends DomainError {
  constructor(filename: string) {
    super(
      'files.name_taken',
      409,
      `There is already an entry named “${filename}” here. Choose another name.`,
    );
  }
}

export class VersionNotFoundError extends DomainError {
  constructor() {
    super(
      'files.version_not_found',
      404,
      'There is no such earlier version of the file. Older ones become fewer with time.',
    );
  }
}

export class RootUnchangeableError extends DomainError {
  constructor() {
    super(
      'files.root_unchangeable',
      409,
      'The root of a drive cannot be renamed, moved, tagged or deleted.',
    );
  }
}

export class StaleVersionError extends DomainError {
  constructor() {
    super(
      'files.stale',
      412,
      'The file was changed in the meantime. Look at it again and repeat what still fits.',
    );
  }
}

export class FileBusyError extends DomainError {
  constructor() {
    super(
      'files.busy',
      423,
      'The file is being changed at this moment. Try again in a few seconds.',
      {
        retryAfterSeconds: 2,
      },
    );
  }
}

/** Programs delete many entries at once only when they say that they mean it. */
export class ManyUnconfirmedError extends DomainError {
  constructor(count: number) {
    super(
      'files.many_unconfirmed',
      409,
      `This deletes ${count} entries at once. Say that it is meant, by confirm=many.`,
    );
  }
}

/** What lies on another disk than the trash of its drive is not moved there. */
export class OutOfTrashError extends DomainError {
  constructor() {
    super(
      'drives.other_filesystem',
      409,
      'This lies on another disk than the trash of its drive, and cannot be put there. It can only be deleted for good.',
    );
  }
}

/** A folder on the way is being moved at this moment: the write is tried again before anybody is told. */
export class FolderBusyError extends FileBusyError {}

/** Folders are not claimed by hand: each file in them is. */
/** A folder has no bytes of its own. */
export class NoFileToVerifyError extends DomainError {
  constructor() {
    super('files.not_a_file', 409, 'This is a folder. The files in it can be checked one by one.');
  }
}

export class NoFileToClaimError extends DomainError {
  constructor() {
    super(
      'files.not_a_file',
      409,
      'Only files can be claimed back, not folders: claim what is in them.',
    );
  }
}

export class MissingNotFoundError extends DomainError {
  constructor() {
    super(
      'files.missing_not_found',
      404,
      'No such entry is missing on this drive. What has been missing for 30 days is forgotten.',
    );
  }
}

export class NotMissingError extends DomainError {
  constructor(filename: string) {
    super(
      'files.not_missing',
      409,
      `“${filename}” is not missing any more: it has come back, or somebody has claimed it already.`,
    );
  }
}

export class TooManyTagsError extends DomainError {
  constructor() {
    super(
      'files.too_many_tags',
      409,
      `Together the two have more than ${MAXIMUM_TAGS} tags. Remove some from the file first.`,
    );
  }
}

/** The place is on another drive than the entry: see DriveMoves. */
export class OtherDriveError extends DomainError {
  constructor() {
    super('drives.other_drive', 409, 'The place that it is to go to is on another drive.');
  }
}

export class IntoItselfError extends DomainError {
  constructor() {
    super('files.into_itself', 409, 'A folder cannot be moved or copied into itself.');
  }
}

/** What is asked for needs a file, or a folder that can be read, and this is none. */
export class IsLinkError extends DomainError {
  constructor(target: string) {
    super(
      'files.is_link',
      409,
      `This is a symbolic link. It points to “${target}”, and HomeServer follows no links.`,
    );
  }
}

export class UnreadableError extends DomainError {
  constructor() {
    super(
      'files.unreadable',
      409,
      'The system does not let HomeServer look into this. Check the owner and the permissions on the drive.',
    );
  }
}

/** A job that has done all that it could. */
export class LeftOutError extends DomainError {
  constructor(count: number, example: string) {
    super(
      'files.left_out',
      409,
      count === 1
        ? `All but “${example}” is done: it cannot be read, or cannot be where it was to go.`
        : `All but ${count} entries, such as “${example}”, is done: they cannot be read, or cannot be where they were to go.`,
    );
  }
}

export class FileMissingInFormError extends InvalidInputError {
  constructor() {
    super(
      [
        {
          pointer: '#/file',
          detail: 'The form needs exactly one part named “file” that is a file with a name.',
        },
      ],
      'files.no_file',
    );
  }
}

export class FieldAfterFileError extends InvalidInputError {
  constructor(field: string) {
    super(
      [
        {
          pointer: `#/${field}`,
          detail: `“${field}” must stand before the file, or in the query.`,
        },
      ],
      'files.field_after_file',
    );
  }
}

/** The name of an uploaded file that cannot be one. */
export class InvalidNameError extends InvalidInputError {
  constructor(fault: string, pointer = '#/file') {
    super([{ pointer, detail: fault }], 'files.invalid_name');
  }
}

/** The codes of ContentRefusedError. */
export const CONTENT_REFUSED = ['files.infected', 'files.not_scannable', 'files.type_refused'];

/** What an upload holds is not taken: sending it again changes nothing. */
export abstract class ContentRefusedError extends DomainError {
  constructor(code: string, message: string) {
    super(code, 422, message);
  }
}

/** A scanner of viruses found something in an upload. */
export class InfectedError extends ContentRefusedError {
  constructor(filename: string, signature: string) {
    super(
      'files.infected',
      `“${filename}” was not kept: the virus scanner found “${signature}” in it. If you trust the file, ask an administrator.`,
    );
  }
}

/** The scanner is away, and what is not scanned is not taken. */
export class ScannerUnavailableError extends DomainError {
  constructor(cause: unknown) {
    super(
      'files.scanner_unavailable',
      503,
      'The virus scanner does not answer, and files are only taken when they were scanned. Try again later, or tell an administrator.',
      { retryAfterSeconds: 30, cause },
    );
  }
}

/** The scanner works, but cannot look into this file. */
export class UnscannableError extends ContentRefusedError {
  constructor(filename: string, reason: string) {
    super(
      'files.not_scannable',
      `“${filename}” was not kept: ${reason}, and files are only taken when they were scanned.`,
    );
  }
}

/** The uploader may have no more; there may be room on the disk. */
export class QuotaExceededError extends DomainError {
  constructor() {
    super(
      'files.quota_exceeded',
      507,
      'This is more than what is left of your quota; the page Account has its figures. Delete something, also from the trash, or ask an administrator for more.',
    );
  }
}

/** By the rules of the drive. */
export class TypeRefusedError extends ContentRefusedError {
  constructor(filename: string, contentType: string, driveName: string) {
    super(
      'files.type_refused',
      `“${filename}” was not kept: “${driveName}” takes no files of the type ${contentType}. Put it elsewhere, or ask an administrator.`,
    );
  }
}

/** No scan of the drive waits for a decision. */
export class NothingToDecideError extends DomainError {
  constructor() {
    super('drives.nothing_to_decide', 409, 'Nothing on this drive waits for a decision any more.');
  }
}
