import {
  CdkFixedSizeVirtualScroll,
  CdkVirtualForOf,
  CdkVirtualScrollViewport,
} from '@angular/cdk/scrolling';
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';

import type { UploadItem } from './upload-item';
import { UploadQueue } from './upload-queue';
import { UploadRow } from './upload-row';

const ROW_PX = 44;
const TOUCH_ROW_PX = 52;
/** What is more is scrolled. */
const ROWS_IN_SIGHT = 5;

/** The uploads under way: of tens of thousands only those in sight are drawn. */
@Component({
  selector: 'home-upload-rows',
  imports: [CdkFixedSizeVirtualScroll, CdkVirtualForOf, CdkVirtualScrollViewport, UploadRow],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <cdk-virtual-scroll-viewport
      role="list"
      tabindex="0"
      aria-label="Uploads under way"
      [itemSize]="rowHeight"
      [style.height.px]="height()"
    >
      <home-upload-row
        *cdkVirtualFor="let item of rows(); trackBy: idOf"
        role="listitem"
        [item]="item"
      />
    </cdk-virtual-scroll-viewport>
  `,
  styles: `
    cdk-virtual-scroll-viewport {
      scrollbar-width: thin;
      scrollbar-color: var(--line) transparent;
      /* The names end where the others do, beside the scrollbar. */
      margin-right: -12px;
    }

    home-upload-row {
      margin-right: 12px;
    }
  `,
})
export class UploadRows {
  protected readonly rowHeight = matchMedia('(pointer: coarse)').matches ? TOUCH_ROW_PX : ROW_PX;
  protected readonly rows = inject(UploadQueue).rows;
  protected readonly height = computed(
    () => Math.min(this.rows().length, ROWS_IN_SIGHT) * this.rowHeight,
  );

  protected idOf(_: number, { id }: UploadItem): string {
    return id;
  }
}
