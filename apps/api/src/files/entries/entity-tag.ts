import { InvalidInputError } from '../../platform/http/domain-error';
import { StaleVersionError } from '../files.errors';

/** The ETag of metadata: `"v<version>"`. */
export function metadataTag(version: number): string {
  return `"v${version}"`;
}

/**
 * The version that an `If-Match` of metadata asks for; null where it asks for none or for any.
 * @throws InvalidInputError when it is no list of entity tags
 * @throws StaleVersionError when none of its tags can be one of ours: RFC 9110 compares strongly here
 */
export function versionOfIfMatch(header: string | undefined): number | null {
  if (header === undefined || header.trim() === '*') return null;
  if (!/^\s*(W\/)?"[^"]*"\s*$/.test(header)) {
    throw new InvalidInputError([
      {
        pointer: '#/header/if-match',
        detail: 'If-Match takes one entity tag, such as "v3", or *.',
      },
    ]);
  }
  const version = /^\s*"v(\d{1,9})"\s*$/.exec(header)?.[1];
  if (version === undefined) throw new StaleVersionError();
  return Number(version);
}
