import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  viewChild,
} from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Button, countOf, EmptyState, ErrorState, formatCount, Icon } from '@homeserver/ui';

import { DrivesStore } from '../core/drives-store';
import { OverlayStyles } from './actions/overlay-styles';
import { DetailsPane } from './details/details-pane';
import { PaneRoom } from './details/pane-room';
import { FilesCommands } from './files-commands';
import { FILES_PROVIDERS } from './files-providers';
import { FileList, type ListAction } from './list/file-list';
import { ListSkeleton } from './list/list-skeleton';
import { SelectionStore } from './list/selection-store';
import { FileListStore } from './listing/file-list-store';
import { FilesNavigation } from './listing/files-navigation';
import { isFiltered } from './listing/files-view';
import { ListFeed } from './listing/list-feed';
import { DriveSwitch } from './toolbar/drive-switch';
import { FilesToolbar } from './toolbar/files-toolbar';
import { ListNotice } from './toolbar/list-notice';
import { DropZone } from './uploads/drop-zone';
import { FolderUploads } from './uploads/folder-uploads';

type PageState = 'loading' | 'failed' | 'empty' | 'unmatched' | 'list';

/** The files of a drive: find, select, tag, rename, download, delete, and drop new ones in. */
@Component({
  selector: 'home-files-page',
  imports: [
    Button,
    DetailsPane,
    DriveSwitch,
    DropZone,
    EmptyState,
    ErrorState,
    FileList,
    FilesToolbar,
    Icon,
    ListNotice,
    ListSkeleton,
    OverlayStyles,
  ],
  providers: FILES_PROVIDERS,
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './files-page.html',
  styleUrl: './files-page.scss',
})
export class FilesPage {
  protected readonly uploads = inject(FolderUploads);
  protected readonly commands = inject(FilesCommands);
  protected readonly navigation = inject(FilesNavigation);
  protected readonly hasPane = inject(PaneRoom).hasPane;
  protected readonly title = computed(() => this.feed.drive()?.name ?? 'Files');
  protected readonly state = computed(() => this.stateNow());
  protected readonly problem = computed(() => this.list.problem() ?? this.drives.problem());
  protected readonly hasTools = computed(
    () => this.state() !== 'failed' && this.state() !== 'empty',
  );
  /** Then the count answers what was asked, and is read aloud; else it only follows what happens. */
  protected readonly isFiltered = computed(() => isFiltered(this.navigation.view()));
  protected readonly count = computed(() => {
    if (this.state() !== 'list') return '';
    const total = this.list.total();
    return this.isFiltered() ? `${formatCount(total)} found` : countOf(total, 'file');
  });

  private readonly feed = inject(ListFeed);
  private readonly drives = inject(DrivesStore);
  private readonly list = inject(FileListStore);
  private readonly selection = inject(SelectionStore);
  private readonly injector = inject(Injector);
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private readonly fileList = viewChild(FileList);
  private readonly toolbar = viewChild(FilesToolbar);

  protected handleAction(action: ListAction): void {
    if (action === 'open') this.commands.download();
    if (action === 'rename') void this.commands.rename();
    if (action === 'delete') void this.delete();
    if (action === 'filter') this.toolbar()?.focusFilter();
  }

  protected handleTap(file: FileMetadata): void {
    if (this.hasPane()) this.selection.only(file.id);
    else void this.showDetails(file);
  }

  protected async delete(): Promise<void> {
    await this.commands.delete();
    this.focusList();
  }

  protected async showDetails(file: FileMetadata): Promise<void> {
    if ((await this.commands.showDetails(file)) === 'delete') this.focusList();
  }

  protected async editTags(): Promise<void> {
    await this.commands.editTags();
    this.focusList();
  }

  protected clearFilters(): void {
    this.navigation.clearFilters();
    this.heading().nativeElement.focus();
  }

  protected clearSelection(): void {
    this.selection.clear();
    this.focusList();
  }

  /** To the list; where there is none any more, to the heading. */
  protected focusList(): void {
    const focus = () => {
      const list = this.fileList();
      if (list === undefined) this.heading().nativeElement.focus();
      else list.focus();
    };
    afterNextRender({ read: focus }, { injector: this.injector });
  }

  protected retry(): void {
    void this.drives.load();
    this.list.reload();
    // The button that was pressed goes.
    this.heading().nativeElement.focus();
  }

  private stateNow(): PageState {
    const isKnown = this.list.scope() !== null;
    if (this.list.status() === 'failed') return 'failed';
    if (this.feed.drive() === null && this.drives.problem() !== null) return 'failed';
    if (!isKnown) return 'loading';
    if (this.list.total() > 0) return 'list';
    return isFiltered(this.list.scope()?.view ?? this.navigation.view()) ? 'unmatched' : 'empty';
  }
}
