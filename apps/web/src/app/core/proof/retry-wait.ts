import {
  ChangeDetectionStrategy,
  Component,
  computed,
  DestroyRef,
  inject,
  input,
  output,
  signal,
} from '@angular/core';

/** Counts down until a next try is looked at. */
@Component({
  selector: 'home-retry-wait',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<span aria-hidden="true">You can try again in {{ text() }}.</span>`,
  styles: `
    :host {
      color: var(--muted);
      font-variant-numeric: tabular-nums;
    }
  `,
})
export class RetryWait {
  /** By this device's clock. */
  readonly until = input.required<number>();

  readonly over = output();

  protected readonly text = computed(() => textOf(this.until() - this.now()));

  private readonly now = signal(Date.now());

  constructor() {
    const timer = setInterval(() => this.tick(), 1000);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  private tick(): void {
    this.now.set(Date.now());
    if (this.now() >= this.until()) this.over.emit();
  }
}

function textOf(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`
    : `${Math.ceil(minutes / 60)} h`;
}
