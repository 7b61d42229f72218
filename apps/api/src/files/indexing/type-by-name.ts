import { lookup } from 'mime-types';

const LINK = 'inode/symlink';
const UNKNOWN = 'application/octet-stream';

/** What a name says of the type, until the bytes have been read. */
export function typeByName(filename: string): string {
  return lookup(filename) || UNKNOWN;
}

export function typeOfEntry({
  kind,
  nature,
  name,
}: {
  readonly kind: 'file' | 'folder';
  readonly nature: string;
  readonly name: string;
}): string | null {
  if (kind === 'folder') return null;
  return nature === 'link' ? LINK : typeByName(name);
}
