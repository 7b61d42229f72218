import type { ServedDrive } from '../../drives';
import { TypeRefusedError } from '../files.errors';

type TypeRules = Pick<ServedDrive, 'name' | 'acceptedTypes' | 'refusedTypes'>;

/** @throws TypeRefusedError when files of this type are not taken on the drive */
export function requireAcceptedType(
  { name, acceptedTypes, refusedTypes }: TypeRules,
  { filename, contentType }: { readonly filename: string; readonly contentType: string | null },
): void {
  const type = contentType ?? 'application/octet-stream';
  const isAccepted = acceptedTypes.length === 0 || isAmong(acceptedTypes, type);
  if (!isAccepted || isAmong(refusedTypes, type)) throw new TypeRefusedError(filename, type, name);
}

function isAmong(patterns: readonly string[], type: string): boolean {
  const kind = type.slice(0, type.indexOf('/'));
  return patterns.includes(type) || patterns.includes(`${kind}/*`);
}
