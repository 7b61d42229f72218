import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';

import { formatClockWithSeconds } from '../format/dates';
import { AreaPlot, type ChartTone } from './area-plot';
import { type ChartExtent, type ChartPoint, nearestIndex } from './chart-geometry';
import { indexAfterKey, readAt } from './chart-reading';

/** Where the reader points: the pointer at a place, the keys at a sample, which moves on with time. */
type Cursor =
  | { readonly kind: 'place'; readonly share: number }
  | { readonly kind: 'sample'; readonly time: number };

const GRID_SHARES = [1, 0.75, 0.5, 0.25, 0] as const;
const LABELLED_SHARES: readonly number[] = [1, 0.5, 0];
const TIME_STEPS = 3;

/**
 * A series over time with axes. Each value can be read by the pointer, by touch and by the arrow keys;
 * for assistive technology it is a slider over time that changes nothing.
 */
@Component({
  selector: 'home-time-chart',
  imports: [AreaPlot],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './time-chart.html',
  styleUrl: './time-chart.scss',
})
export class TimeChart {
  readonly points = input.required<readonly ChartPoint[]>();
  readonly extent = input.required<ChartExtent>();
  /** Neighbours further apart than this many milliseconds are not joined. */
  readonly gapMs = input.required<number>();
  /** What it shows, in words. */
  readonly label = input.required<string>();
  /** The id of the element that sums it up in words. */
  readonly summaryId = input<string | null>(null);
  /** What stands at the right end: another word than `now` where time has stopped. */
  readonly endLabel = input('now');
  readonly tone = input<ChartTone>('accent');
  readonly format = input<(value: number) => string>((value) => String(Math.round(value)));

  protected readonly gridLines = computed(() => {
    const { bottom, top } = this.extent();
    return GRID_SHARES.map((share) => ({
      share,
      text: LABELLED_SHARES.includes(share) ? this.format()(bottom + share * (top - bottom)) : '',
    }));
  });
  protected readonly timeLabels = computed(() => {
    const minutes = (this.extent().to - this.extent().from) / 60_000;
    return Array.from({ length: TIME_STEPS + 1 }, (_, step) =>
      step === TIME_STEPS
        ? this.endLabel()
        : `${Math.round(minutes * (1 - step / TIME_STEPS))} min`,
    );
  });
  protected readonly reading = computed(() => {
    const cursor = this.cursor();
    if (cursor === null) return null;
    const found = readAt(this.points(), this.extent(), this.gapMs(), this.timeOf(cursor));
    return found === null ? null : { ...found, ...this.wordsFor(found.value, found.time) };
  });
  protected readonly lastIndex = computed(() => Math.max(0, this.points().length - 1));
  protected readonly currentIndex = computed(() => {
    const cursor = this.cursor();
    if (cursor === null) return this.lastIndex();
    return Math.max(0, nearestIndex(this.points(), this.timeOf(cursor)));
  });
  protected readonly currentText = computed(() => {
    const point = this.points()[this.currentIndex()];
    if (point === undefined) return 'No values yet';
    const { text, clock } = this.wordsFor(point.value, point.time);
    return `${text} at ${clock}`;
  });

  private readonly cursor = signal<Cursor | null>(null);

  protected pointTo(event: PointerEvent, plot: HTMLElement): void {
    const box = plot.getBoundingClientRect();
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    this.cursor.set({ kind: 'place', share });
  }

  /** So that what moves on by itself is not read out each time; a pointer has its own place already. */
  protected holdNewest(): void {
    const newest = this.points().at(-1);
    if (this.cursor() !== null || newest === undefined) return;
    this.cursor.set({ kind: 'sample', time: newest.time });
  }

  protected letGo(): void {
    this.cursor.set(null);
  }

  protected step(event: KeyboardEvent): void {
    if (event.key === 'Escape') return this.letGo();
    const index = indexAfterKey(event.key, this.currentIndex(), this.lastIndex());
    const point = index === null ? undefined : this.points()[index];
    if (point === undefined) return;
    event.preventDefault();
    this.cursor.set({ kind: 'sample', time: point.time });
  }

  private timeOf(cursor: Cursor): number {
    const { from, to } = this.extent();
    return cursor.kind === 'place'
      ? from + cursor.share * (to - from)
      : Math.max(from, cursor.time);
  }

  private wordsFor(value: number | null, time: number): { text: string; clock: string } {
    return {
      text: value === null ? 'not measured' : this.format()(value),
      clock: formatClockWithSeconds(new Date(time)),
    };
  }
}
