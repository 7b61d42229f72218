import { Directive, ElementRef, inject, input } from '@angular/core';

import type { FolderPlace } from '../files-api';
import { FileDrag } from './file-drag';

/** A folder, shown as a link or a line, that takes entries which are dropped on it. */
@Directive({
  selector: '[homeFolderDrop]',
  host: { '[class.is-drop]': 'place() !== null && drag?.overId() === place()?.folderId' },
})
export class FolderDrop {
  readonly place = input.required<FolderPlace | null>({ alias: 'homeFolderDrop' });

  /** Nothing is dragged where there is no list, such as in a dialog. */
  protected readonly drag = inject(FileDrag, { optional: true });

  constructor() {
    const { drag } = this;
    const element: HTMLElement = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
    if (drag === null) return;
    // Not in a template: they come by the hundred and mostly change nothing that is shown.
    element.addEventListener('dragover', (event) => {
      const place = this.place();
      if (place !== null) drag.hover(event, place);
    });
    element.addEventListener('dragleave', () => drag.leave());
    element.addEventListener('drop', (event) => {
      const place = this.place();
      if (place !== null) drag.drop(event, place);
    });
  }
}
