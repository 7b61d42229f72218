import { inject, Injectable } from '@angular/core';
import { toObservable } from '@angular/core/rxjs-interop';
import type { Params } from '@angular/router';
import { filter } from 'rxjs';

import { ListCommander } from '../list/list-commander';
import { FileListStore } from './file-list-store';
import { FilesNavigation } from './files-navigation';
import { type Crumb, FolderStore } from './folder-store';
import { ListFeed } from './list-feed';

/** The ways from one folder to another. */
@Injectable()
export class FolderOpener {
  private readonly navigation = inject(FilesNavigation);
  private readonly folder = inject(FolderStore);
  private readonly feed = inject(ListFeed);
  private readonly list = inject(FileListStore);
  private readonly commander = inject(ListCommander);
  /** The one that was left upwards: the keyboard is to be at it. */
  private leftId: string | null = null;

  constructor() {
    toObservable(this.list.scope)
      .pipe(filter((scope) => scope?.folderId === this.folder.id()))
      .subscribe(() => void this.returnToLeft());
  }

  open(folder: Crumb): void {
    this.leftId = null;
    this.goTo(folder);
  }

  /** To the folder above; nowhere from the root. */
  goUp(): void {
    const [current, above] = [...this.folder.crumbs()].reverse();
    if (current === undefined || above === undefined) return;
    this.leftId = current.id;
    this.goTo(above);
  }

  /** For links, which can be opened in another tab too. */
  paramsOf({ id }: Crumb): Params {
    return this.navigation.paramsOfFolder(this.placeOf(id));
  }

  private goTo(folder: Crumb): void {
    this.folder.expect(folder);
    this.navigation.openFolder(this.placeOf(folder.id));
  }

  private placeOf(id: string) {
    const isRoot = id === this.feed.drive()?.rootFolderId;
    return { drive: this.navigation.driveId(), folder: isRoot ? null : id };
  }

  private async returnToLeft(): Promise<void> {
    const index = this.list.rows().findIndex(({ id }) => id === this.leftId);
    this.leftId = null;
    if (index !== -1) await this.commander.goTo(index, 'select');
  }
}
