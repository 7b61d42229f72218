import type { FileMetadata, FileVersion } from '@homeserver/dto';
import { bytesText } from '@homeserver/ui';

import { agoText } from '../../core/ago';

/** Until when a file was so: `Replaced 2 min ago`. */
export function replacedInWords({ replacedAt }: FileVersion, now: Date): string {
  return `Replaced ${agoText(replacedAt, now)}`;
}

/** What else there is to say: `48 kB, by anna`. What matters most comes first: the end of the line may be cut off. */
export function versionFacts(version: FileVersion, file: Pick<FileMetadata, 'driveId'>): string {
  const { size, replacedBy, driveId, corruptedAt } = version;
  const fault = corruptedAt === null ? [] : ['corrupted'];
  const by = replacedBy === null ? [] : [`by ${replacedBy}`];
  const place = driveId === file.driveId ? [] : ['on its former drive'];
  return [...fault, bytesText(size), ...by, ...place].join(', ');
}
