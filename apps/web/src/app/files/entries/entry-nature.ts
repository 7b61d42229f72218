import type { FileMetadata } from '@homeserver/dto';

type Special = Pick<FileMetadata, 'kind' | 'nature' | 'linkTarget'>;

/** What an entry is that is not simply a file or a folder, and what can be done about it; null for those. */
export function natureNote(entry: Special): string | null {
  switch (entry.nature) {
    case 'link':
      return `A symbolic link to “${entry.linkTarget ?? ''}”. HomeServer shows links and never follows them: open what it points to in its own place.`;
    case 'mount':
      return 'Another disk is mounted here, which is not a part of this drive. Add it as a drive of its own, or let this drive cross into it in its settings.';
    case 'unreadable':
      return `The system does not let HomeServer look into this ${entry.kind}. Give the user that HomeServer runs as the right to read it, then scan the drive.`;
    case 'plain':
      return null;
  }
}

/** Whether it is a folder that can be opened. */
export function canBeOpened({ kind, nature }: Special): boolean {
  return kind === 'folder' && nature === 'plain';
}

/** Whether it has bytes that can be had: a file as it is, a folder as an archive. */
export function canBeDownloaded({ nature }: Pick<Special, 'nature'>): boolean {
  return nature === 'plain';
}
