import { computed, DestroyRef, inject, Injectable } from '@angular/core';

import { Notices } from '../../core/notices';
import { quoteNames } from '../entries/entry-name';
import { FilesNavigation } from '../listing/files-navigation';
import { ListFeed } from '../listing/list-feed';
import type { Dropped } from './dropped-files';
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
    return { driveId: drive.id, folderId: drive.rootFolderId, name: drive.name, tags };
  });
  /** Why nothing can be uploaded here; null when it can. */
  readonly refusal = computed(() => {
    const drive = this.feed.drive();
    if (drive?.access === 'read')
      return `You may look at the drive ${drive.name}, but not change it.`;
    if (drive?.readOnly === true) return `The drive ${drive.name} is read-only.`;
    if (drive !== null && drive.state !== 'online')
      return `The drive ${drive.name} is ${drive.state}.`;
    return null;
  });

  private readonly feed = inject(ListFeed);
  private readonly navigation = inject(FilesNavigation);
  private readonly launcher = inject(FilesUploadLauncher);
  private readonly notices = inject(Notices);

  constructor() {
    inject(DestroyRef).onDestroy(inject(OpenFolder).open(() => this.target()));
  }

  choose(): void {
    this.launcher.choose();
  }

  take({ files, folderNames }: Dropped): void {
    void this.launcher.upload(files);
    if (folderNames.length === 0) return;
    const verb = folderNames.length === 1 ? 'was' : 'were';
    this.notices.say(
      `Folders cannot be uploaded yet: ${quoteNames(folderNames)} ${verb} left out.`,
    );
  }
}
