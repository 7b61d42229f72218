import { ApiHeader } from '@nestjs/swagger';
import { applyDecorators } from '@nestjs/common';

import {
  DeleteEndpoint,
  HeadEndpoint,
  PatchEndpoint,
  PostEndpoint,
} from '../../../platform/http/endpoint.decorator';
import { CONTENT_REFUSED } from '../../files.errors';
import { PART_TYPE } from './tus-headers';

const VERSION_HEADER = { name: 'Tus-Resumable', description: '1.0.0', required: true };
const CHECKSUM_HEADER = {
  name: 'Upload-Checksum',
  description: 'sha1, sha256, sha512 or md5, a space, and the checksum of the body in base64',
  required: false,
};
const CONFLICT_HEADER = {
  name: 'Homeserver-Conflict',
  description:
    'rename, version or fail: what becomes of a name that is taken by now, in place of what the creation said',
  required: false,
};
const GONE = { 404: ['uploads.not_found'], 410: ['uploads.gone'] };
const REFUSED = {
  403: ['drives.read_only', 'drives.forbidden'],
  412: ['uploads.unsupported_version'],
};
const FAILED = {
  503: ['drives.offline', 'files.scanner_unavailable'],
  507: ['drives.full', 'files.quota_exceeded'],
};

/** Begins an upload. */
export const CreateUploadEndpoint = () =>
  applyDecorators(
    PostEndpoint('', {
      summary: 'Begin an upload that can be resumed',
      description:
        'tus 1.0.0 with creation, creation-with-upload, termination, expiration and checksum. `Location` is the address of the upload. Where its length is 0, or all bytes come with this call, the file is made, and `Homeserver-File-Id` names it.',
      access: 'files:write',
      consumes: PART_TYPE,
      response: null,
      status: 201,
      problems: {
        ...REFUSED,
        ...FAILED,
        403: [...REFUSED[403], 'drives.none_writable'],
        404: ['drives.not_found', 'files.not_found'],
        409: ['files.name_taken'],
        413: ['uploads.too_long'],
        422: ['files.invalid_name', 'files.name_reserved', ...CONTENT_REFUSED],
        429: ['uploads.too_many'],
        460: ['uploads.checksum_mismatch', 'uploads.content_mismatch'],
      },
    }),
    ApiHeader(VERSION_HEADER),
    ApiHeader({ name: 'Upload-Length', description: 'In bytes', required: true }),
    ApiHeader({
      name: 'Upload-Metadata',
      description:
        'Keys with values in base64 of UTF-8: filename, and where wanted driveId, folderId, tags (separated by commas), conflict, lastModified, sha256',
      required: true,
    }),
    ApiHeader(CHECKSUM_HEADER),
  );

/** Tells how far one has come. */
export const LookAtUploadEndpoint = () =>
  applyDecorators(
    HeadEndpoint(':id', {
      summary: 'How far an upload has come',
      description:
        '`Upload-Offset` is on the disk. Of a finished upload `Homeserver-File-Id` names the file, for 24 hours.',
      access: 'files:write',
      response: null,
      problems: {
        ...REFUSED,
        ...FAILED,
        ...GONE,
        409: ['files.name_taken'],
        422: CONTENT_REFUSED,
        423: ['uploads.busy', 'files.busy'],
      },
    }),
    ApiHeader(VERSION_HEADER),
    ApiHeader(CONFLICT_HEADER),
  );

/** Takes bytes. */
export const AppendToUploadEndpoint = () =>
  applyDecorators(
    PatchEndpoint(':id', {
      summary: 'Send bytes of an upload',
      description:
        'The answer comes when they are on the disk. With the last ones the file is made, and `Homeserver-File-Id` names it.',
      access: 'files:write',
      consumes: PART_TYPE,
      response: null,
      status: 204,
      problems: {
        ...REFUSED,
        ...FAILED,
        ...GONE,
        400: ['uploads.checksum_unsupported', 'http.cut_off'],
        409: ['uploads.offset_conflict', 'files.name_taken'],
        413: ['uploads.too_long'],
        422: CONTENT_REFUSED,
        423: ['uploads.busy', 'files.busy'],
        460: ['uploads.checksum_mismatch', 'uploads.content_mismatch'],
      },
    }),
    ApiHeader(VERSION_HEADER),
    ApiHeader({ name: 'Upload-Offset', description: 'Where the bytes begin', required: true }),
    ApiHeader(CHECKSUM_HEADER),
    ApiHeader(CONFLICT_HEADER),
  );

/** Ends one. */
export const EndUploadEndpoint = () =>
  applyDecorators(
    DeleteEndpoint(':id', {
      summary: 'End an upload, and remove what has come of it',
      description: 'A file that it has become already stays.',
      access: 'files:write',
      response: null,
      status: 204,
      problems: { ...REFUSED, ...GONE, 423: ['uploads.busy'] },
    }),
    ApiHeader(VERSION_HEADER),
  );
