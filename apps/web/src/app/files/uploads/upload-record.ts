import type { Conflict } from '@homeserver/dto';

import type { SourceHandle } from './chosen-file';
import type { UploadTarget } from './upload-target';

/** What is kept of an upload, so that it can be gone on with after a reload. */
export interface UploadRecord {
  readonly id: string;
  /** Whose upload it is. */
  readonly userId: string;
  /** The tab that has it. */
  readonly tabId: string;
  readonly name: string;
  readonly size: number;
  readonly lastModified: number;
  readonly folderPath: string;
  readonly target: UploadTarget | null;
  readonly tags: readonly string[];
  /** Those that it was begun with; null where that is not known. Records of former versions say nothing of it. */
  readonly begunTags?: readonly string[] | null;
  readonly conflict: Conflict;
  readonly url: string | null;
  /** Whether it is a folder without anything in it, which needs nothing but to be made. */
  readonly isFolder?: boolean;
  readonly handle: SourceHandle | null;
  readonly root: SourceHandle | null;
}

/** In localStorage: there may be uploads from before. Asked before any of this code is loaded. */
export const UPLOADS_MARK = 'homeserver.uploads';
