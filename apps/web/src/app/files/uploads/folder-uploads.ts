import { computed, DestroyRef, inject, Injectable } from '@angular/core';

import { DriveCondition } from '../listing/drive-condition';
import { FilesNavigation } from '../listing/files-navigation';
import { FolderStore } from '../listing/folder-store';
import { ListFeed } from '../listing/list-feed';
import type { Chosen } from './chosen-file';
import { FilesUploadLauncher } from './files-upload-launcher';
import { OpenFolder, type UploadTarget } from './upload-target';

/** The uploads into the folder that is open, while it is open. */
@Injectable()
export class FolderUploads {
  /** With the tags that are filtered by, so that what is uploaded stays in sight. */
  readonly target = computed<UploadTarget | null>(() => {
    const drive = this.feed.drive();
    if (drive === null) return null;
    const { tags } = this.navigation.view();
    const place = { driveId: drive.id, tags };
    const folderId = this.navigation.folderId();
    if (folderId === null || this.feed.isRoot())
      return { ...place, folderId: drive.rootFolderId, name: drive.name };
    // Its name may still be on its way.
    const name = this.folder.crumbs().at(-1)?.name ?? 'this folder';
    return { ...place, folderId, name };
  });
  /** Why nothing can be uploaded here; null when it can. */
  readonly refusal = inject(DriveCondition).refusal;

  private readonly feed = inject(ListFeed);
  private readonly folder = inject(FolderStore);
  private readonly navigation = inject(FilesNavigation);
  private readonly launcher = inject(FilesUploadLauncher);

  constructor() {
    inject(DestroyRef).onDestroy(inject(OpenFolder).open(() => this.target()));
  }

  choose(): void {
    this.launcher.choose();
  }

  chooseFolder(): void {
    this.launcher.chooseFolder();
  }

  take(found: AsyncIterable<Chosen[]>): void {
    void this.launcher.upload(found);
  }
}
