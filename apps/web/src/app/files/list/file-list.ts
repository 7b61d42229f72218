import {
  afterNextRender,
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  Injector,
  output,
  viewChild,
} from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { FileRenaming } from '../actions/file-renaming';
import { TagChanges } from '../actions/tag-changes';
import { FileDrag } from '../drag/file-drag';
import { ListDrag } from '../drag/list-drag';
import { FileListStore } from '../listing/file-list-store';
import { FileClipboard } from '../transfers/file-clipboard';
import { FileRow, rowIdOf } from './file-row';
import { commandOf, isAction, type ListAction } from './list-command';
import { ListCommander } from './list-commander';
import { ROW_HEIGHT } from './list-geometry';
import { ListHead } from './list-head';
import { ListPointer, type RowClick } from './list-pointer';
import { ListWindow } from './list-window';
import { SelectionStore } from './selection-store';

const NO_TAGS: readonly string[] = [];
/** The field keeps its element, wherever its row is. */
const RENAMING_SLOT = -2;

/** The entries of a folder or of a filter: only the rows in sight, and some to spare, are drawn at all. */
@Component({
  selector: 'home-file-list',
  imports: [FileRow, ListDrag, ListHead, ListPointer],
  providers: [ListWindow],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './file-list.html',
  styleUrl: './file-list.scss',
})
export class FileList {
  readonly action = output<ListAction>();
  /** A finger tapped a row. */
  readonly tapped = output<FileMetadata>();

  protected readonly list = inject(FileListStore);
  protected readonly height = computed(() => this.window.geometry().height);
  protected readonly isScrollable = computed(() => this.window.geometry().isScrollable);
  protected readonly rows = computed(() => this.indexes().map((index) => this.rowAt(index)));
  protected readonly activeRowId = computed(() => {
    const index = this.selection.activeIndex();
    return index === -1 ? null : rowIdOf(index);
  });

  private readonly selection = inject(SelectionStore);
  private readonly commander = inject(ListCommander);
  private readonly renaming = inject(FileRenaming);
  private readonly tagChanges = inject(TagChanges);
  private readonly clipboard = inject(FileClipboard);
  private readonly drag = inject(FileDrag);
  private readonly window = inject(ListWindow);
  private readonly injector = inject(Injector);
  private readonly grid = viewChild.required<ElementRef<HTMLElement>>('grid');
  private readonly head = viewChild.required<unknown, ElementRef<HTMLElement>>('head', {
    read: ElementRef,
  });
  private readonly indexes = computed(() =>
    this.window.indexesToDraw(this.selection.activeIndex()),
  );

  constructor() {
    this.commander.attach(this.window);
    afterNextRender(() => this.window.watch(this.grid().nativeElement, this.head().nativeElement));
    effect(() => this.keepAhead());
    afterRenderEffect({ mixedReadWrite: () => this.window.holdPlace() });
  }

  focus(): void {
    this.grid().nativeElement.focus({ preventScroll: true });
  }

  protected handleKey(event: KeyboardEvent): void {
    // The head's buttons and the name field have keys of their own.
    if (event.target !== this.grid().nativeElement) return;
    const command = commandOf(event, this.commander.isTyping());
    if (command === null) return;
    event.preventDefault();
    if (isAction(command)) this.action.emit(command.kind);
    else void this.commander.run(command);
  }

  protected handleClick({ id, index: drawnAt, mode, isTouch }: RowClick): void {
    const index = id === null ? drawnAt : this.list.indexOf(id);
    const row = this.list.rows()[index];
    if (isTouch && row !== undefined && this.selection.count() === 0) this.tapped.emit(row);
    else if (row !== undefined && (isTouch || mode === 'toggle')) this.commander.toggle(row.id);
    else if (mode !== 'toggle') void this.commander.goTo(index, mode);
  }

  /** A long press begins a selection of several. */
  protected handleHold(id: string): void {
    if (this.list.indexOf(id) !== -1) this.commander.toggle(id);
  }

  protected handleGroundClick(event: Event): void {
    if (event.target === this.grid().nativeElement) this.selection.clear();
  }

  protected handleRenamed(hadFocus: boolean): void {
    this.renaming.end();
    // Who went elsewhere stays there.
    if (hadFocus) this.focus();
    // Under its new name it may lie somewhere else; the phase is after that in which places are held.
    afterNextRender(
      { read: () => this.window.reveal(this.selection.activeIndex()) },
      { injector: this.injector },
    );
  }

  private rowAt(index: number) {
    const file = this.list.rows()[index] ?? null;
    const isRenaming = file !== null && file.id === this.renaming.id();
    return {
      index,
      file,
      isRenaming,
      slot: isRenaming ? RENAMING_SLOT : this.window.slotOf(index),
      tags: file === null ? NO_TAGS : this.tagChanges.tagsOf(file),
      top: index * ROW_HEIGHT + this.window.shift(),
      isSelected: file !== null && this.selection.has(file.id),
      isCut: file !== null && this.clipboard.cutIds().has(file.id),
      isDropTarget: file !== null && file.id === this.drag.overId(),
      isActive: file !== null && file.id === this.selection.activeId(),
    };
  }

  private keepAhead(): void {
    // Also when another list has come, of which nothing was asked yet.
    this.list.scope();
    this.list.keepAhead(this.window.range().end);
  }
}
