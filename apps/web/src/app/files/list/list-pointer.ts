import { DestroyRef, Directive, ElementRef, inject, output } from '@angular/core';

import { modeOf, type SelectionMode } from './list-command';

/** As long as phones take for a long press. */
const HOLD_MS = 450;
/** A finger that moves further scrolls. */
const HOLD_SLACK_PX = 10;

export interface RowClick {
  readonly index: number;
  /** `toggle` is a click with Ctrl. */
  readonly mode: Exclude<SelectionMode, 'stay'> | 'toggle';
  readonly isTouch: boolean;
}

/** Clicks, double clicks and long presses on the elements below that carry `data-index`. */
@Directive({
  selector: '[homeListPointer]',
  host: {
    '(click)': 'handleClick($event)',
    '(dblclick)': 'handleDoubleClick($event)',
    '(contextmenu)': 'handleContextMenu($event)',
  },
})
export class ListPointer {
  readonly rowClick = output<RowClick>();
  readonly rowOpen = output<number>();
  /** A finger was held on a row. */
  readonly rowHold = output<number>();

  private readonly element: HTMLElement = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private holdTimer: ReturnType<typeof setTimeout> | null = null;
  private heldAt: { readonly x: number; readonly y: number } | null = null;
  private wasHeld = false;
  private isTouch = false;

  constructor() {
    const down = (event: PointerEvent) => this.handleDown(event);
    const move = (event: PointerEvent) => this.handleMove(event);
    const end = () => this.endHold();
    // Not in the template: they come by the hundred and change nothing that is shown.
    this.element.addEventListener('pointerdown', down);
    this.element.addEventListener('pointermove', move, { passive: true });
    this.element.addEventListener('pointerup', end);
    this.element.addEventListener('pointercancel', end);
    inject(DestroyRef).onDestroy(() => this.endHold());
  }

  protected handleClick(event: MouseEvent): void {
    const index = indexUnder(event);
    if (index === null || this.wasHeld) return;
    const mode = modeOf(event.shiftKey, event.ctrlKey || event.metaKey);
    this.rowClick.emit({ index, mode: mode === 'stay' ? 'toggle' : mode, isTouch: this.isTouch });
  }

  protected handleDoubleClick(event: MouseEvent): void {
    const index = indexUnder(event);
    if (index !== null && !this.isTouch) this.rowOpen.emit(index);
  }

  /** A phone would show its own menu for the long press. */
  protected handleContextMenu(event: Event): void {
    if (this.isTouch && indexUnder(event) !== null) event.preventDefault();
  }

  private handleDown(event: PointerEvent): void {
    this.isTouch = event.pointerType !== 'mouse';
    this.wasHeld = false;
    const index = indexUnder(event);
    // A range is being selected, not text.
    if (event.shiftKey && index !== null) event.preventDefault();
    if (!this.isTouch || index === null) return;
    this.heldAt = { x: event.clientX, y: event.clientY };
    this.holdTimer = setTimeout(() => {
      this.wasHeld = true;
      this.rowHold.emit(index);
    }, HOLD_MS);
  }

  private handleMove(event: PointerEvent): void {
    if (this.heldAt === null) return;
    const distance = Math.hypot(event.clientX - this.heldAt.x, event.clientY - this.heldAt.y);
    if (distance > HOLD_SLACK_PX) this.endHold();
  }

  private endHold(): void {
    if (this.holdTimer !== null) clearTimeout(this.holdTimer);
    this.holdTimer = null;
    this.heldAt = null;
  }
}

/** The row that was hit; null for what lies between rows, and for fields inside a row. */
function indexUnder(event: Event): number | null {
  if (!(event.target instanceof Element)) return null;
  if (event.target.closest('input, button, a') !== null) return null;
  const row = event.target.closest('[data-index]');
  return row instanceof HTMLElement ? Number(row.dataset['index']) : null;
}
