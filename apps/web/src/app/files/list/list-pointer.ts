import { DestroyRef, Directive, ElementRef, inject, output } from '@angular/core';

import { modeOf, type SelectionMode } from './list-command';
import { type RowMark, rowUnder } from './row-under';

/** As long as phones take for a long press. */
const HOLD_MS = 450;
/** A finger that moves further scrolls. */
const HOLD_SLACK_PX = 10;

export interface RowClick extends RowMark {
  /** `toggle` is a click with Ctrl. */
  readonly mode: Exclude<SelectionMode, 'stay'> | 'toggle';
  readonly isTouch: boolean;
}

/**
 * Clicks, double clicks and long presses on the rows below. A list may change under a finger: what is meant
 * is what the row showed when it was pressed.
 */
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
  /** A row was clicked twice. */
  readonly rowOpen = output();
  /** A finger was held on the row of this entry. */
  readonly rowHold = output<string>();

  private readonly element: HTMLElement = inject<ElementRef<HTMLElement>>(ElementRef).nativeElement;
  private holdTimer: ReturnType<typeof setTimeout> | null = null;
  private heldAt: { readonly x: number; readonly y: number } | null = null;
  private wasHeld = false;
  private isTouch = false;
  /** What was pressed and is not clicked yet: null where that was no row, undefined when nothing was. */
  private pressed: RowMark | null | undefined;
  /** The entries of the last two clicks. */
  private clicked: readonly [string | null, string | null] = [null, null];

  constructor() {
    const down = (event: PointerEvent) => this.handleDown(event);
    const move = (event: PointerEvent) => this.handleMove(event);
    const end = () => this.endHold();
    const cancel = () => this.handleCancel();
    // Not in the template: they come by the hundred and change nothing that is shown.
    this.element.addEventListener('pointerdown', down);
    this.element.addEventListener('pointermove', move, { passive: true });
    this.element.addEventListener('pointerup', end);
    this.element.addEventListener('pointercancel', cancel);
    inject(DestroyRef).onDestroy(() => this.endHold());
  }

  protected handleClick(event: MouseEvent): void {
    const hit = hitRow(event);
    const { pressed, wasHeld } = this;
    // The press stands for one click, whatever comes of that.
    this.forgetPress();
    // Assistive technology clicks without a press: then it is the row as it is.
    const row = event.detail === 0 || pressed === undefined ? hit : pressed;
    if (hit === null || row === null || wasHeld) return;
    this.clicked = [this.clicked[1], row.id];
    const mode = modeOf(event.shiftKey, event.ctrlKey || event.metaKey);
    this.rowClick.emit({ ...row, mode: mode === 'stay' ? 'toggle' : mode, isTouch: this.isTouch });
  }

  protected handleDoubleClick(event: MouseEvent): void {
    const [first, second] = this.clicked;
    // Two entries that were clicked one after the other at the same place are not one that was clicked twice.
    if (hitRow(event) !== null && !this.isTouch && first === second) this.rowOpen.emit();
  }

  /** A phone would show its own menu for the long press. */
  protected handleContextMenu(event: Event): void {
    if (this.isTouch && hitRow(event) !== null) event.preventDefault();
  }

  private handleDown(event: PointerEvent): void {
    this.isTouch = event.pointerType !== 'mouse';
    this.wasHeld = false;
    // Two fingers are at something else.
    this.endHold();
    if (!event.isPrimary) return;
    this.forgetPress();
    // No click comes of another button.
    if (event.button !== 0) return;
    this.pressed = hitRow(event);
    // A range is being selected, not text.
    if (event.shiftKey && this.pressed !== null) event.preventDefault();
    const id = this.pressed?.id ?? null;
    if (!this.isTouch || id === null) return;
    this.heldAt = { x: event.clientX, y: event.clientY };
    this.holdTimer = setTimeout(() => {
      this.wasHeld = true;
      this.rowHold.emit(id);
    }, HOLD_MS);
  }

  private handleMove(event: PointerEvent): void {
    if (this.heldAt === null) return;
    const distance = Math.hypot(event.clientX - this.heldAt.x, event.clientY - this.heldAt.y);
    if (distance > HOLD_SLACK_PX) this.endHold();
  }

  /** It has become a scroll, or a drag: no click comes of it. */
  private handleCancel(): void {
    this.endHold();
    this.forgetPress();
  }

  private forgetPress(): void {
    this.pressed = undefined;
    this.wasHeld = false;
  }

  private endHold(): void {
    if (this.holdTimer !== null) clearTimeout(this.holdTimer);
    this.holdTimer = null;
    this.heldAt = null;
  }
}

/** The row that was hit, unless it was a field inside of it. */
function hitRow(event: Event): RowMark | null {
  const isField =
    event.target instanceof Element && event.target.closest('input, button, a') !== null;
  return isField ? null : rowUnder(event);
}
