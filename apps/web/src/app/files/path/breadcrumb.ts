import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '@homeserver/ui';

import { FolderDrop } from '../drag/folder-drop';
import { PaneRoom } from '../details/pane-room';
import { FolderOpener } from '../listing/folder-opener';
import { type Crumb, FolderStore } from '../listing/folder-store';
import { ListFeed } from '../listing/list-feed';
import { collapsePath } from './collapsed-path';

const MOST_ON_DESK = 3;

/** The folders above the one that is open, each a link and a place to drop files; what is in the middle in a menu. */
@Component({
  selector: 'home-breadcrumb',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, FolderDrop, Icon, NgTemplateOutlet, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './breadcrumb.html',
  styleUrls: ['./breadcrumb.scss', '../../core/sections/menu.scss'],
})
export class Breadcrumb {
  protected readonly opener = inject(FolderOpener);
  protected readonly path = computed(() => {
    const above = this.crumbs().slice(0, -1);
    return collapsePath(above, this.room.isPhone() ? 1 : MOST_ON_DESK);
  });
  /** From the folder above on: the way up. */
  protected readonly hidden = computed(() => [...this.path().hidden].reverse());

  private readonly folder = inject(FolderStore);
  private readonly feed = inject(ListFeed);
  private readonly room = inject(PaneRoom);
  /** The root goes by the name of the drive. */
  private readonly crumbs = computed<readonly Crumb[]>(() => {
    const drive = this.feed.drive();
    return this.folder
      .crumbs()
      .map((crumb) =>
        crumb.id === drive?.rootFolderId ? { id: crumb.id, name: drive.name } : crumb,
      );
  });

  protected placeOf({ id, name }: Crumb) {
    const driveId = this.feed.drive()?.id;
    return driveId === undefined ? null : { driveId, folderId: id, name };
  }

  /** A click with a key opens it elsewhere: the browser does that. */
  protected expect(event: MouseEvent, crumb: Crumb): void {
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) this.folder.expect(crumb);
  }
}
