import { DestroyRef, Directive, ElementRef, inject } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { canBeOpened } from '../entries/entry-nature';
import type { FolderPlace } from '../files-api';
import { type RowMark, rowUnder } from '../list/row-under';
import { SelectionStore } from '../list/selection-store';
import { FileListStore } from '../listing/file-list-store';
import { DriveCondition } from '../listing/drive-condition';
import { FileDrag } from './file-drag';

/** Rows that can be dragged, and folders among them that take what is dropped. */
@Directive({ selector: '[homeListDrag]' })
export class ListDrag {
  private readonly element: HTMLElement = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly list = inject(FileListStore);
  private readonly selection = inject(SelectionStore);
  private readonly drag = inject(FileDrag);
  private readonly condition = inject(DriveCondition);
  /** What was pressed is what is dragged, even if its row shows another entry by the time the drag begins. */
  private pressed: RowMark | null = null;

  constructor() {
    const listening = new AbortController();
    const options = { signal: listening.signal };
    // Not in a template: they come by the hundred and mostly change nothing that is shown.
    this.element.addEventListener('pointerdown', (event) => this.press(event), options);
    this.element.addEventListener('dragstart', (event) => this.begin(event), options);
    this.element.addEventListener('dragend', () => this.drag.end(), options);
    this.element.addEventListener('dragover', (event) => this.hover(event), options);
    this.element.addEventListener('drop', (event) => this.drop(event), options);
    this.element.addEventListener('dragleave', () => this.drag.leave(), options);
    inject(DestroyRef).onDestroy(() => listening.abort());
  }

  private press(event: PointerEvent): void {
    this.pressed = rowUnder(event);
  }

  private begin(event: DragEvent): void {
    const row = this.entryOf(this.pressed);
    if (row === null || this.condition.refusal() !== null) {
      event.preventDefault();
      return;
    }
    // What is dragged is what is selected; a row beside that becomes it.
    if (!this.selection.has(row.id)) this.selection.only(row.id);
    this.drag.begin(event, this.selection.files());
  }

  private hover(event: DragEvent): void {
    const place = this.placeUnder(event);
    if (place === null || !this.drag.hover(event, place)) this.drag.leave();
  }

  private drop(event: DragEvent): void {
    const place = this.placeUnder(event);
    if (place !== null) this.drag.drop(event, place);
  }

  private placeUnder(event: DragEvent): FolderPlace | null {
    const row = this.drag.isDragging() ? this.entryOf(rowUnder(event)) : null;
    if (row === null || !canBeOpened(row)) return null;
    return { driveId: row.driveId, folderId: row.id, name: row.filename };
  }

  private entryOf(row: RowMark | null): FileMetadata | null {
    const id = row?.id ?? null;
    return id === null ? null : this.list.entry(id);
  }
}
