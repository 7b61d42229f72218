import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  input,
  viewChild,
} from '@angular/core';

import {
  areaPath,
  type ChartExtent,
  type ChartPoint,
  linePath,
  splitAtGaps,
} from './chart-geometry';

export type ChartTone = 'accent' | 'info' | 'violet';

/** What is written into the document must be named once in it. */
let plotCount = 0;

const SLIDE_MS = 180;
/** A jump further than this share of the width, such as after a pause, is drawn at once. */
const LONGEST_SLIDE = 0.1;

/** The line and the area of a series, without any words: those stand beside it. Slides as time goes on. */
@Component({
  selector: 'home-area-plot',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <svg #drawing viewBox="0 0 1000 100" preserveAspectRatio="none">
      <linearGradient [id]="gradientId" x1="0" y1="0" x2="0" y2="1">
        <stop class="gradient-top" offset="0" />
        <stop class="gradient-bottom" offset="1" />
      </linearGradient>
      <path [attr.d]="area()" [attr.fill]="gradientFill" />
      <path class="line" [attr.d]="line()" />
    </svg>
  `,
  styleUrl: './area-plot.scss',
  host: { 'aria-hidden': 'true', '[class]': 'tone()' },
})
export class AreaPlot {
  readonly points = input.required<readonly ChartPoint[]>();
  readonly extent = input.required<ChartExtent>();
  /** Neighbours further apart than this many milliseconds are not joined. */
  readonly gapMs = input.required<number>();
  readonly tone = input<ChartTone>('accent');

  protected readonly gradientId = `home-area-plot-${(plotCount += 1)}`;
  protected readonly gradientFill = `url(#${this.gradientId})`;
  protected readonly line = computed(() => linePath(this.pieces(), this.extent()));
  protected readonly area = computed(() => areaPath(this.pieces(), this.extent()));

  private readonly drawing = viewChild.required<ElementRef<SVGSVGElement>>('drawing');
  private readonly pieces = computed(() => splitAtGaps(this.points(), this.gapMs()));
  private shownTo = 0;

  constructor() {
    afterRenderEffect(() => this.slideTo(this.extent()));
  }

  /** The new picture begins where the old one stood and moves to its own place: nothing is drawn in between. */
  private slideTo({ from, to }: ChartExtent): void {
    const share = (to - this.shownTo) / (to - from);
    this.shownTo = to;
    const isStill = matchMedia('(prefers-reduced-motion: reduce)').matches;
    if (share <= 0 || share > LONGEST_SLIDE || isStill) return;
    this.drawing().nativeElement.animate(
      [{ transform: `translateX(${share * 100}%)` }, { transform: 'none' }],
      { duration: SLIDE_MS, easing: 'ease-out' },
    );
  }
}
