import { InvalidInputError } from '../../platform/http/domain-error';

/** The ETag of metadata: `"v<version>"`. */
export function metadataTag(version: number): string {
  return `"v${version}"`;
}

/**
 * The versions that an `If-Match` of metadata takes; null where it asks for none or for any. RFC 9110
 * compares strongly here, so a weak tag, or one that is none of ours, matches nothing.
 * @throws InvalidInputError when it is no list of entity tags
 */
export function versionsOfIfMatch(header: string | undefined): readonly number[] | null {
  if (header === undefined || header.trim() === '*') return null;
  if (!/^\s*(W\/)?"[^"]*"\s*(,\s*(W\/)?"[^"]*"\s*)*$/.test(header)) {
    throw new InvalidInputError([
      {
        pointer: '#/header/if-match',
        detail: 'If-Match takes entity tags, such as "v3", separated by commas, or *.',
      },
    ]);
  }
  return [...header.matchAll(/(?<!W\/)"v(\d{1,9})"/g)].map(([, version]) => Number(version));
}
