import { ChangeDetectionStrategy, Component } from '@angular/core';

const WIDTHS = [210, 160, 250, 130, 190, 230, 150, 200, 170, 240] as const;

/** The list before anything of it is known: of the same size, and only when that takes noticeably long. */
@Component({
  selector: 'home-list-skeleton',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p class="visually-hidden" role="status">Loading the files</p>
    <div class="head" aria-hidden="true"></div>
    @for (width of widths; track width) {
      <div class="row" aria-hidden="true">
        <span class="name">
          <span class="skeleton icon"></span>
          <span class="skeleton" [style.width.px]="width"></span>
        </span>
        <span class="tags"></span>
        <span class="size"><span class="skeleton"></span></span>
        <span class="changed"><span class="skeleton"></span></span>
      </div>
    }
  `,
  styleUrl: './list-skeleton.scss',
})
export class ListSkeleton {
  protected readonly widths = WIDTHS;
}
