import type { Provider } from '@angular/core';

import { Dialogs } from '../core/dialog/dialogs';
import { Notices } from '../core/notices';
import { BulkWork } from './actions/bulk-work';
import { FileClaims } from './actions/file-claims';
import { FileDeletion } from './actions/file-deletion';
import { FileDownloads } from './actions/file-downloads';
import { FileRenaming } from './actions/file-renaming';
import { FreshFiles } from './actions/fresh-files';
import { TagChanges } from './actions/tag-changes';
import { FileDrag } from './drag/file-drag';
import { FilesCommands } from './files-commands';
import { FilesKeys } from './files-keys';
import { FolderCommands } from './folder-commands';
import { ListCommander } from './list/list-commander';
import { SelectionStore } from './list/selection-store';
import { ListFocus } from './list-focus';
import { ChangePermission } from './listing/change-permission';
import { DriveCondition } from './listing/drive-condition';
import { FileEvents } from './listing/file-events';
import { FileListStore } from './listing/file-list-store';
import { FilesNavigation } from './listing/files-navigation';
import { FolderOpener } from './listing/folder-opener';
import { FolderSizes } from './listing/folder-sizes';
import { FolderStore } from './listing/folder-store';
import { ListFeed } from './listing/list-feed';
import { TagStore } from './listing/tag-store';
import { ClipboardCommands } from './transfers/clipboard-commands';
import { FileTransfers } from './transfers/file-transfers';
import { Undoing } from './undo/undoing';
import { FolderUploads } from './uploads/folder-uploads';

/** What lives as long as the files page is open. */
export const FILES_PROVIDERS: Provider[] = [
  BulkWork,
  ChangePermission,
  ClipboardCommands,
  Dialogs,
  DriveCondition,
  FileClaims,
  FileDeletion,
  FileDownloads,
  FileDrag,
  FileEvents,
  FileListStore,
  FileRenaming,
  FileTransfers,
  FilesCommands,
  FilesKeys,
  FilesNavigation,
  FolderCommands,
  FolderOpener,
  FolderSizes,
  FolderStore,
  FolderUploads,
  FreshFiles,
  ListCommander,
  ListFeed,
  ListFocus,
  Notices,
  SelectionStore,
  TagChanges,
  TagStore,
  Undoing,
];
