import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  viewChild,
} from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { bytesText, Button, EmptyState, ErrorState, Icon } from '@homeserver/ui';

import { keepFocus } from '../../core/sections/keep-focus';
import { PaneRoom } from '../details/pane-room';
import { type Crumb, FolderStore } from '../listing/folder-store';
import { collapsePath } from '../path/collapsed-path';
import { UsageMap } from './usage-map';
import { UsageStore } from './usage-store';
import { UsageTable } from './usage-table';
import { partsOf, type UsagePart } from './usage-tiles';

/** What takes the room in a folder: as a map to go into, and as a table. */
@Component({
  selector: 'home-usage-page',
  imports: [Button, EmptyState, ErrorState, Icon, RouterLink, UsageMap, UsageTable],
  providers: [FolderStore, UsageStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './usage-page.html',
  styleUrl: './usage-page.scss',
})
export class UsagePage {
  protected readonly store = inject(UsageStore);
  protected readonly parts = computed(() => {
    const root = this.store.root();
    return root === null ? [] : partsOf(root);
  });
  protected readonly size = computed(() => {
    const root = this.store.root();
    return root === null ? '' : bytesText(root.size);
  });
  protected readonly title = computed(() => this.crumbs().at(-1)?.name ?? '…');
  protected readonly path = computed(() =>
    collapsePath(this.crumbs().slice(0, -1), this.room.isPhone() ? 1 : 3),
  );
  /** Of the folder itself on the files page, the largest first. */
  protected readonly listParams = computed(() => ({
    ...this.paramsOf(this.store.folderId()),
    sort: 'size',
  }));

  private readonly folder = inject(FolderStore);
  private readonly room = inject(PaneRoom);
  private readonly router = inject(Router);
  private readonly injector = inject(Injector);
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private readonly crumbs = computed<readonly Crumb[]>(() => {
    const drive = this.store.drive();
    return this.folder
      .crumbs()
      .map((crumb) =>
        crumb.id === drive?.rootFolderId ? { id: crumb.id, name: drive.name } : crumb,
      );
  });

  protected paramsOf(folderId: string | null) {
    const drive = this.store.drive();
    const isRoot = folderId === drive?.rootFolderId;
    return { drive: drive?.id ?? null, folder: isRoot ? null : folderId };
  }

  /** Into a folder; of a file, to where it lies. */
  protected open(part: UsagePart): void {
    if (part.kind === 'folder' && part.id !== null) {
      this.folder.expect({ id: part.id, name: part.name });
      const queryParams = this.paramsOf(part.id);
      void this.router.navigate(['/files/usage'], { queryParams });
    } else if (part.kind === 'file') {
      void this.router.navigate(['/files'], { queryParams: this.listParams() });
    }
    // What was pressed is gone when the next map comes.
    this.heading().nativeElement.focus({ preventScroll: true });
  }

  protected retry(): void {
    this.store.retry();
    keepFocus(() => this.heading().nativeElement, this.injector);
  }
}
