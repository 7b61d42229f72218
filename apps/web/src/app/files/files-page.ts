import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  ElementRef,
  inject,
  Injector,
  viewChild,
} from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Button, countOf, EmptyState, ErrorState, formatCount, Icon } from '@homeserver/ui';

import { toObservable } from '@angular/core/rxjs-interop';
import { distinctUntilChanged, map, skip } from 'rxjs';

import { DrivesStore } from '../core/drives-store';
import { OverlayStyles } from './actions/overlay-styles';
import { DetailsPane } from './details/details-pane';
import { PaneRoom } from './details/pane-room';
import { canBeOpened } from './entries/entry-nature';
import { FilesCommands } from './files-commands';
import { FilesKeys } from './files-keys';
import { FolderCommands } from './folder-commands';
import { ListFocus } from './list-focus';
import { DriveCondition } from './listing/drive-condition';
import { FolderOpener } from './listing/folder-opener';
import { FolderStore } from './listing/folder-store';
import { Breadcrumb } from './path/breadcrumb';
import { ClipboardBar } from './toolbar/clipboard-bar';
import { DriveBanner } from './toolbar/drive-banner';
import { FolderTreePane } from './tree/folder-tree-pane';
import { TreeChoice } from './tree/tree-choice';
import { FILES_PROVIDERS } from './files-providers';
import { FileList } from './list/file-list';
import type { ListAction } from './list/list-command';
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

type PageState = 'loading' | 'gone' | 'failed' | 'empty' | 'unmatched' | 'list';

const EMPTY_TEXT =
  'Drop files anywhere in this window, or choose them. They stay under their own names on your own drive.';

/** The folders and files of a drive: open, find, select, tag, rename, move, download, delete, and drop new ones in. */
@Component({
  selector: 'home-files-page',
  imports: [
    Breadcrumb,
    Button,
    ClipboardBar,
    DetailsPane,
    DriveBanner,
    DriveSwitch,
    DropZone,
    EmptyState,
    ErrorState,
    FileList,
    FilesToolbar,
    FolderTreePane,
    Icon,
    ListNotice,
    ListSkeleton,
    OverlayStyles,
  ],
  providers: FILES_PROVIDERS,
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './files-page.html',
  styleUrl: './files-page.scss',
  host: { '(document:keydown)': 'keys.takeFromPage($event)' },
})
export class FilesPage {
  protected readonly uploads = inject(FolderUploads);
  protected readonly commands = inject(FilesCommands);
  protected readonly folders = inject(FolderCommands);
  protected readonly keys = inject(FilesKeys);
  protected readonly navigation = inject(FilesNavigation);
  protected readonly feed = inject(ListFeed);
  protected readonly condition = inject(DriveCondition);
  protected readonly hasPane = inject(PaneRoom).hasPane;
  protected readonly hasTree = inject(TreeChoice).isShown;
  protected readonly title = computed(() => {
    const drive = this.feed.drive();
    // Reserved while it is on its way: nothing jumps.
    return this.feed.isRoot()
      ? (drive?.name ?? 'Files')
      : (this.folder.crumbs().at(-1)?.name ?? '…');
  });
  protected readonly state = computed(() => this.stateNow());
  protected readonly problem = computed(() => this.list.problem() ?? this.drives.problem());
  protected readonly hasList = computed(
    () => this.state() === 'list' || this.state() === 'loading',
  );
  /** Also in an empty folder, so that nothing jumps on the way through folders. */
  protected readonly hasTools = computed(
    () => this.state() !== 'failed' && this.state() !== 'gone',
  );
  /** Then the count answers what was asked, and is read aloud; else it only follows what happens. */
  protected readonly isFiltered = computed(() => isFiltered(this.navigation.view()));
  protected readonly count = computed(() => {
    if (this.state() !== 'list') return '';
    const total = this.list.total();
    return this.isFiltered() ? `${formatCount(total)} found` : countOf(total, 'item');
  });
  protected readonly emptyText = computed(() => this.uploads.refusal() ?? EMPTY_TEXT);

  private readonly opener = inject(FolderOpener);
  private readonly folder = inject(FolderStore);
  private readonly drives = inject(DrivesStore);
  private readonly list = inject(FileListStore);
  private readonly selection = inject(SelectionStore);
  private readonly injector = inject(Injector);
  private readonly element: HTMLElement = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private readonly fileList = viewChild(FileList);
  private readonly toolbar = viewChild(FilesToolbar);

  constructor() {
    inject(ListFocus).register(() => this.focusList());
    // What had the keyboard in the folder before may be gone.
    toObservable(this.list.scope)
      .pipe(
        map((scope) => scope?.folderId),
        distinctUntilChanged(),
        skip(2),
      )
      .subscribe(() => this.takeLostFocus());
  }

  protected handleAction(action: ListAction): void {
    if (this.keys.run(action)) return;
    if (action === 'delete') void this.delete();
    if (action === 'deleteForGood') void this.deleteForGood();
    if (action === 'filter') this.toolbar()?.focusFilter();
  }

  protected handleTap(file: FileMetadata): void {
    if (canBeOpened(file)) this.opener.open({ id: file.id, name: file.filename });
    else if (this.hasPane()) this.selection.only(file.id);
    else void this.showDetails(file);
  }

  protected async delete(): Promise<void> {
    await this.commands.delete();
    this.focusList();
  }

  protected async deleteForGood(): Promise<void> {
    await this.commands.deleteForGood();
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

  protected openRoot(): void {
    const drive = this.feed.drive();
    if (drive !== null) this.opener.open({ id: drive.rootFolderId, name: drive.name });
  }

  private takeLostFocus(): void {
    const take = () => {
      const { activeElement, body } = this.element.ownerDocument;
      const isLost = activeElement === null || activeElement === body;
      if (isLost || activeElement === this.heading().nativeElement) this.focusList();
    };
    afterNextRender({ read: take }, { injector: this.injector });
  }

  private stateNow(): PageState {
    const isKnown = this.list.scope() !== null;
    if (this.folder.isGone()) return 'gone';
    if (this.list.status() === 'failed') return 'failed';
    if (this.feed.drive() === null && this.drives.problem() !== null) return 'failed';
    if (!isKnown) return 'loading';
    if (this.list.total() > 0) return 'list';
    return isFiltered(this.list.scope()?.view ?? this.navigation.view()) ? 'unmatched' : 'empty';
  }
}
