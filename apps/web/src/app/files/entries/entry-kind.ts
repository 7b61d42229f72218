import type { FileMetadata } from '@homeserver/dto';
import type { IconName } from '@homeserver/ui';

type Look = readonly [icon: IconName, words: string];

const TYPES: Readonly<Record<string, Look>> = {
  'application/pdf': ['document', 'PDF document'],
  'application/rtf': ['document', 'Text document'],
  'application/msword': ['document', 'Word document'],
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': [
    'document',
    'Word document',
  ],
  'application/vnd.oasis.opendocument.text': ['document', 'Text document'],
  'application/vnd.ms-excel': ['spreadsheet', 'Excel spreadsheet'],
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': [
    'spreadsheet',
    'Excel spreadsheet',
  ],
  'application/vnd.oasis.opendocument.spreadsheet': ['spreadsheet', 'Spreadsheet'],
  'text/csv': ['spreadsheet', 'Table (CSV)'],
  'application/vnd.ms-powerpoint': ['slides', 'PowerPoint slides'],
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': [
    'slides',
    'PowerPoint slides',
  ],
  'application/vnd.oasis.opendocument.presentation': ['slides', 'Slides'],
  'application/epub+zip': ['book', 'E-book'],
  'application/json': ['code', 'JSON'],
  'application/xml': ['code', 'XML'],
  'application/javascript': ['code', 'JavaScript'],
  'text/javascript': ['code', 'JavaScript'],
  'text/css': ['code', 'Style sheet'],
  'text/html': ['code', 'Web page'],
  'text/markdown': ['document', 'Markdown text'],
  'text/plain': ['document', 'Plain text'],
  'application/zip': ['archive', 'ZIP archive'],
  'application/gzip': ['archive', 'GZIP archive'],
  'application/x-tar': ['archive', 'TAR archive'],
  'application/x-7z-compressed': ['archive', '7-Zip archive'],
  'application/x-bzip2': ['archive', 'BZIP2 archive'],
  'application/vnd.rar': ['archive', 'RAR archive'],
  'application/x-rar-compressed': ['archive', 'RAR archive'],
  'image/jpeg': ['image', 'JPEG picture'],
  'image/png': ['image', 'PNG picture'],
  'image/gif': ['image', 'GIF picture'],
  'image/webp': ['image', 'WebP picture'],
  'image/heic': ['image', 'HEIC picture'],
  'image/svg+xml': ['image', 'SVG drawing'],
};

const FAMILIES: Readonly<Record<string, Look>> = {
  image: ['image', 'Picture'],
  video: ['video', 'Film'],
  audio: ['music', 'Sound'],
  text: ['document', 'Text'],
  font: ['file', 'Typeface'],
};

/** What a browser shows by itself, wherever it comes from. */
const SHOWN_PICTURES = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/bmp',
  'image/svg+xml',
]);

/** Above this the whole file would come for a small picture. */
const LARGEST_PREVIEW_BYTES = 25_000_000;

type Typed = Pick<FileMetadata, 'kind' | 'contentType'> &
  Partial<Pick<FileMetadata, 'nature' | 'corruptedAt'>>;

export function iconOf(entry: Typed): IconName {
  return isCorrupted(entry) ? 'warning' : lookOf(entry)[0];
}

/** Whether its bytes are known to be others than those that were stored. */
export function isCorrupted({ corruptedAt = null }: Pick<Typed, 'corruptedAt'>): boolean {
  return corruptedAt !== null;
}

/** The kind of an entry in words: `PDF document`, `Folder`; the content type itself where it has no better name. */
export function kindInWords(entry: Typed): string {
  return lookOf(entry)[1];
}

/** Whether the browser can show the file itself as its own small picture. */
export function hasPicture(entry: Typed & Pick<FileMetadata, 'size'>): boolean {
  const type = bareType(entry.contentType);
  if ((entry.nature ?? 'plain') !== 'plain') return false;
  return SHOWN_PICTURES.has(type) && entry.size > 0 && entry.size <= LARGEST_PREVIEW_BYTES;
}

function lookOf(entry: Typed): Look {
  if (entry.nature === 'link') return ['link', 'Link'];
  if (entry.nature === 'mount') return ['drive', 'Other disk'];
  if (entry.nature === 'unreadable') {
    return [
      'lock',
      entry.kind === 'folder' ? 'Folder without permission' : 'File without permission',
    ];
  }
  if (entry.kind === 'folder') return ['folder', 'Folder'];
  const type = bareType(entry.contentType);
  if (type === '' || type === 'application/octet-stream') return ['file', 'File'];
  const family = FAMILIES[type.slice(0, type.indexOf('/'))];
  return TYPES[type] ?? family ?? ['file', type];
}

/** Without parameters such as a charset. */
function bareType(contentType: string | null): string {
  return (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
