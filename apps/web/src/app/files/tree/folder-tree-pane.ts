import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { takeUntilDestroyed, toObservable } from '@angular/core/rxjs-interop';

import type { FolderPlace } from '../files-api';
import { FileEvents } from '../listing/file-events';
import { FolderOpener } from '../listing/folder-opener';
import { FolderStore } from '../listing/folder-store';
import { ListFeed } from '../listing/list-feed';
import { FolderTree } from './folder-tree';
import { FolderTreeStore } from './folder-tree-store';

/** The folders of the drive beside the list, open down to the one that is shown. */
@Component({
  selector: 'home-folder-tree-pane',
  imports: [FolderTree],
  providers: [FolderTreeStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-folder-tree label="Folders" [currentId]="folder.id()" (chosen)="open($event)" />
  `,
  styles: `
    :host {
      display: grid;
      min-height: 0;
    }

    home-folder-tree {
      border: 1px solid var(--line);
      border-radius: var(--radius-card);
      background: var(--surface);
    }
  `,
})
export class FolderTreePane {
  protected readonly folder = inject(FolderStore);

  private readonly store = inject(FolderTreeStore);
  private readonly opener = inject(FolderOpener);

  constructor() {
    const feed = inject(ListFeed);
    toObservable(feed.drive).subscribe((drive) => {
      const root = drive && { driveId: drive.id, folderId: drive.rootFolderId, name: drive.name };
      this.store.setRoots(root === null ? [] : [root]);
    });
    toObservable(this.folder.crumbs).subscribe((crumbs) => {
      const [root] = crumbs;
      if (root !== undefined) this.store.expand(root.id);
      for (const { id } of crumbs.slice(1, -1)) this.store.expand(id);
    });
    inject(FileEvents)
      .changes.pipe(takeUntilDestroyed())
      .subscribe((change) => this.store.take(change));
  }

  protected open({ folderId, name }: FolderPlace): void {
    this.opener.open({ id: folderId, name });
  }
}
