import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';

import { FileListStore } from '../listing/file-list-store';
import { ListGeometry } from './list-geometry';
import type { ListViewport } from './list-commander';
import { ScrollAnchor } from './scroll-anchor';

const OUT_OF_SIGHT_SLOT = -1;

/** The part of the list that is in sight, in the element that scrolls. */
@Injectable()
export class ListWindow implements ListViewport {
  readonly geometry = computed(() => new ListGeometry(this.list.total(), this.viewHeight()));
  /** The rows to draw. */
  readonly range = computed(() => this.geometry().rangeAt(this.scrollTop()), {
    equal: (left, right) => left.first === right.first && left.end === right.end,
  });
  /** In pixels, to be added to where each row lies. */
  readonly shift = computed(() => this.geometry().shiftAt(this.scrollTop()));

  private readonly list = inject(FileListStore);
  private readonly scrollTop = signal(0);
  private readonly viewHeight = signal(0);
  private readonly anchor = new ScrollAnchor();
  private readonly destroy = inject(DestroyRef);
  private scroller: HTMLElement | null = null;

  /** @param head stands above the rows, inside of what scrolls */
  watch(scroller: HTMLElement, head: HTMLElement): void {
    this.scroller = scroller;
    const measure = () => this.viewHeight.set(scroller.clientHeight - head.offsetHeight);
    const observer = new ResizeObserver(measure);
    observer.observe(scroller);
    this.destroy.onDestroy(() => observer.disconnect());
    // Not in a template: each would check the whole page, and most draw the same rows as before.
    scroller.addEventListener('scroll', () => this.takePlace(scroller), { passive: true });
    measure();
  }

  /**
   * The rows in sight, and the one where the keyboard is, which a screen reader must find.
   * @param activeIndex -1 when the keyboard is nowhere
   */
  indexesToDraw(activeIndex: number): number[] {
    const { first, end } = this.range();
    const indexes = Array.from({ length: end - first }, (_, step) => first + step);
    if (activeIndex !== -1 && activeIndex < first) indexes.unshift(activeIndex);
    if (activeIndex >= end) indexes.push(activeIndex);
    return indexes;
  }

  /** The element for a row: one that leaves at one end gives its own to the one that comes at the other. */
  slotOf(index: number): number {
    const { first, end } = this.range();
    if (index < first || index >= end) return OUT_OF_SIGHT_SLOT;
    return index % this.geometry().drawnCount;
  }

  rowsInSight(): number {
    return this.geometry().rowsInSight();
  }

  reveal(index: number): void {
    const { scroller } = this;
    if (scroller === null || index < 0) return;
    scroller.scrollTop = this.geometry().scrollTopToReveal(index, scroller.scrollTop);
    this.scrollTop.set(scroller.scrollTop);
  }

  /**
   * To be called when the rows were drawn anew: those in sight stay where they are when others came or
   * went above them; another list begins at its top.
   */
  holdPlace(): void {
    const { scroller } = this;
    if (scroller === null) return;
    const places = this.anchor.placesMoved(this.list.scope(), this.list.rows());
    if (places === 'anotherList') scroller.scrollTop = 0;
    // At the top, what is new at the top is to be seen.
    else if (places !== 0 && scroller.scrollTop > 0) {
      scroller.scrollTop = this.geometry().scrollTopAfterShift(places, scroller.scrollTop);
    }
    this.takePlace(scroller);
  }

  private takePlace(scroller: HTMLElement): void {
    this.scrollTop.set(scroller.scrollTop);
    this.anchor.hold(this.list.rows(), this.geometry().firstInSight(scroller.scrollTop));
  }
}
