import type { Provider } from '@angular/core';

import { Dialogs } from '../core/dialog/dialogs';
import { Notices } from '../core/notices';
import { BulkWork } from './actions/bulk-work';
import { FileDeletion } from './actions/file-deletion';
import { FileDownloads } from './actions/file-downloads';
import { FileRenaming } from './actions/file-renaming';
import { FreshFiles } from './actions/fresh-files';
import { TagChanges } from './actions/tag-changes';
import { FilesCommands } from './files-commands';
import { ListCommander } from './list/list-commander';
import { SelectionStore } from './list/selection-store';
import { FileEvents } from './listing/file-events';
import { FileListStore } from './listing/file-list-store';
import { FilesNavigation } from './listing/files-navigation';
import { FolderSizes } from './listing/folder-sizes';
import { FolderStore } from './listing/folder-store';
import { ListFeed } from './listing/list-feed';
import { TagStore } from './listing/tag-store';
import { FolderUploads } from './uploads/folder-uploads';

/** What lives as long as the files page is open. */
export const FILES_PROVIDERS: Provider[] = [
  BulkWork,
  Dialogs,
  FileDeletion,
  FileDownloads,
  FileEvents,
  FileListStore,
  FileRenaming,
  FilesCommands,
  FilesNavigation,
  FolderSizes,
  FolderStore,
  FolderUploads,
  FreshFiles,
  ListCommander,
  ListFeed,
  Notices,
  SelectionStore,
  TagChanges,
  TagStore,
];
