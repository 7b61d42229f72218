import { DestroyRef, Directive, ElementRef, inject } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { canBeOpened } from '../entries/entry-nature';
import type { FolderPlace } from '../files-api';
import { SelectionStore } from '../list/selection-store';
import { FileListStore } from '../listing/file-list-store';
import { DriveCondition } from '../listing/drive-condition';
import { FileDrag } from './file-drag';

/** Rows that can be dragged, and folders among them that take what is dropped. The rows carry `data-index`. */
@Directive({ selector: '[homeListDrag]' })
export class ListDrag {
  private readonly element: HTMLElement = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private readonly list = inject(FileListStore);
  private readonly selection = inject(SelectionStore);
  private readonly drag = inject(FileDrag);
  private readonly condition = inject(DriveCondition);

  constructor() {
    const listening = new AbortController();
    const options = { signal: listening.signal };
    // Not in a template: they come by the hundred and mostly change nothing that is shown.
    this.element.addEventListener('dragstart', (event) => this.begin(event), options);
    this.element.addEventListener('dragend', () => this.drag.end(), options);
    this.element.addEventListener('dragover', (event) => this.hover(event), options);
    this.element.addEventListener('drop', (event) => this.drop(event), options);
    this.element.addEventListener('dragleave', () => this.drag.leave(), options);
    inject(DestroyRef).onDestroy(() => listening.abort());
  }

  private begin(event: DragEvent): void {
    const row = this.rowUnder(event);
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
    const row = this.drag.isDragging() ? this.rowUnder(event) : null;
    if (row === null || !canBeOpened(row)) return null;
    return { driveId: row.driveId, folderId: row.id, name: row.filename };
  }

  private rowUnder({ target }: Event): FileMetadata | null {
    const row = target instanceof Element ? target.closest('[data-index]') : null;
    if (!(row instanceof HTMLElement)) return null;
    return this.list.rows()[Number(row.dataset['index'])] ?? null;
  }
}
