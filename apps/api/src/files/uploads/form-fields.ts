import { type UploadFields, uploadFieldsSchema, type UploadQuery } from '@homeserver/dto';

import { InvalidInputError } from '../../platform/http/domain-error';
import { toProblemErrors } from '../../platform/http/input-validation.pipe';

export function hasField(body: unknown, field: string): boolean {
  return typeof body === 'object' && body !== null && field in body;
}

/**
 * The parser makes U+FFFD of bytes that are not UTF-8, and drops a text whose charset it does not know:
 * to keep either would be to keep something that nobody has sent.
 * @throws InvalidInputError
 */
export function readFields(body: unknown): UploadFields {
  const fields: Record<string, unknown> = { ...(typeof body === 'object' ? body : {}) };
  const broken = Object.keys(uploadFieldsSchema.shape).filter(
    (name) => name in fields && !isIntact(fields[name]),
  );
  if (broken.length > 0) {
    throw new InvalidInputError(
      broken.map((name) => ({
        pointer: `#/${name}`,
        detail: 'A field of the form must be UTF-8.',
      })),
    );
  }
  const result = uploadFieldsSchema.safeParse(splitTags(body));
  if (!result.success) throw new InvalidInputError(toProblemErrors('#', result.error.issues));
  return result.data;
}

function isIntact(value: unknown): boolean {
  const texts: unknown[] = Array.isArray(value) ? value : [value];
  return texts.every((text) => typeof text === 'string' && !text.includes('\ufffd'));
}

/** @throws InvalidInputError */
export function placeOf(body: unknown): UploadQuery {
  const { driveId, folderId } = readFields(body);
  return {
    ...(driveId === undefined ? {} : { driveId }),
    ...(folderId === undefined ? {} : { folderId }),
  };
}

/** Tags come repeated, separated by commas, or both. */
function splitTags(body: unknown): unknown {
  const fields: Record<string, unknown> = { ...(typeof body === 'object' ? body : {}) };
  const { tags } = fields;
  if (tags === undefined) return fields;
  const texts = Array.isArray(tags) ? tags : [tags];
  if (!texts.every((text) => typeof text === 'string')) return fields;
  return { ...fields, tags: texts.flatMap((text: string) => text.split(',')) };
}
