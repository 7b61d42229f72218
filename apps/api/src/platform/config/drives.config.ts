import path from 'node:path';

import { nameFault } from '@homeserver/dto';

/** A folder of the machine that is to be a drive. */
export interface ConfiguredDrive {
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly readOnly: boolean;
}

export const DRIVES_SHAPE =
  'names and absolute paths, such as Media=/mnt/media,Archive=/mnt/archive:ro, each once';

/** Reads `Media=/mnt/media,Archive=/mnt/archive:ro`. @returns null when it is none */
export function parseDrives(text: string): ConfiguredDrive[] | null {
  const drives: ConfiguredDrive[] = [];
  for (const part of text.split(',')) {
    if (part.trim() === '') continue;
    const [, name = '', place = '', how] =
      /^\s*([^=]+?)\s*=\s*(.+?)(?::(ro|rw))?\s*$/.exec(part) ?? [];
    if (nameFault(name) !== null || !path.isAbsolute(place)) return null;
    drives.push({ name, path: path.normalize(place), readOnly: how === 'ro' });
  }
  const names = new Set(drives.map(({ name }) => name));
  const places = new Set(drives.map((drive) => drive.path));
  return names.size === drives.length && places.size === drives.length ? drives : null;
}
