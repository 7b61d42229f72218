import {
  ChangeDetectionStrategy,
  Component,
  computed,
  effect,
  ElementRef,
  inject,
  output,
  viewChild,
} from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { BulkWork } from '../actions/bulk-work';
import { PaneRoom } from '../details/pane-room';
import { FilesCommands } from '../files-commands';
import { SelectionStore } from '../list/selection-store';
import { TagFilter } from '../tags/tag-filter';
import { FolderTools } from './folder-tools';
import { NameFilter } from './name-filter';
import { SelectionActions } from './selection-actions';

/** Above the list: what is shown of it; with a selection, what can be done with that. */
@Component({
  selector: 'home-files-toolbar',
  imports: [FolderTools, NameFilter, SelectionActions, TagFilter],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-tag-filter />
    @if (isSelecting()) {
      <home-selection-actions
        [hasPane]="hasPane()"
        (detailsAsked)="showDetails()"
        (downloadAsked)="commands.download()"
        (renameAsked)="commands.rename()"
        (tagsAsked)="tagsAsked.emit()"
        (moveAsked)="moveAsked.emit()"
        (copyAsked)="copyAsked.emit()"
        (deleteAsked)="deleteAsked.emit()"
        (cleared)="cleared.emit()"
      />
    } @else {
      <home-name-filter (left)="listWanted.emit()" />
      <home-folder-tools (newFolderAsked)="newFolderAsked.emit()" />
    }
  `,
  styleUrl: './files-toolbar.scss',
})
export class FilesToolbar {
  readonly listWanted = output();
  readonly deleteAsked = output();
  readonly cleared = output();
  readonly detailsAsked = output<FileMetadata>();
  readonly tagsAsked = output();
  readonly moveAsked = output();
  readonly copyAsked = output();
  readonly newFolderAsked = output();

  protected readonly commands = inject(FilesCommands);
  protected readonly hasPane = inject(PaneRoom).hasPane;
  protected readonly isSelecting = computed(
    () => this.selection.count() > 0 || this.work.progress() !== null,
  );

  private readonly selection = inject(SelectionStore);
  private readonly work = inject(BulkWork);
  private readonly filter = viewChild(NameFilter);
  private readonly tags = viewChild(TagFilter);
  private readonly tagsElement = viewChild<unknown, ElementRef<HTMLElement>>(TagFilter, {
    read: ElementRef,
  });
  private wasSelecting = false;

  constructor() {
    effect(() => {
      // Asked for more of them, a person wants to see them.
      this.tags()?.isOpen();
      this.holdHeight(this.isSelecting());
    });
  }

  focusFilter(): void {
    // With a selection its actions stand in the filter's place.
    this.selection.clear();
    setTimeout(() => this.filter()?.focus());
  }

  protected showDetails(): void {
    const file = this.selection.single();
    if (file !== null) this.detailsAsked.emit(file);
  }

  /**
   * The actions leave the tags less room: from the beginning of a selection they keep their height, so
   * that the list does not move under the pointer.
   */
  private holdHeight(isSelecting: boolean): void {
    const isBeginning = isSelecting && !this.wasSelecting;
    this.wasSelecting = isSelecting;
    const element = this.tagsElement()?.nativeElement;
    if (element === undefined) return;
    element.style.height = isBeginning ? `${element.offsetHeight}px` : '';
  }
}
