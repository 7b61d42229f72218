import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  inject,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import { Icon } from '@homeserver/ui';

import { FilesNavigation } from '../listing/files-navigation';

/** Fast typing asks the server once. */
const WAIT_MS = 200;

/** Shows only entries with these letters in their name. */
@Component({
  selector: 'home-name-filter',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-icon name="search" [size]="18" />
    <input
      #field
      type="search"
      aria-label="Filter by name"
      placeholder="Filter by name"
      autocomplete="off"
      maxlength="200"
      [value]="text()"
      (input)="handleInput(field.value)"
      (keydown)="handleKey($event)"
    />
    @if (text() !== '') {
      <button type="button" aria-label="Clear the filter" (click)="clear()">
        <home-icon name="close" [size]="16" />
      </button>
    } @else {
      <kbd aria-hidden="true">/</kbd>
    }
  `,
  styleUrl: './name-filter.scss',
})
export class NameFilter {
  /** The keyboard is to go to the list. */
  readonly left = output();

  protected readonly text = linkedSignal<string, string>({
    source: () => this.navigation.view().text,
    // What is typed goes ahead of the address: a space at its end, and letters that are not asked for yet.
    computation: (text, before) =>
      before !== undefined && (this.timer !== null || before.value.trim() === text)
        ? before.value
        : text,
  });

  private readonly navigation = inject(FilesNavigation);
  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.forgetTimer());
  }

  focus(): void {
    this.field().nativeElement.select();
  }

  protected handleInput(text: string): void {
    this.text.set(text);
    this.forgetTimer();
    this.timer = setTimeout(() => this.apply(), WAIT_MS);
  }

  protected handleKey(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.text() !== '') this.clear();
    else if (event.key === 'Escape' || event.key === 'Enter' || event.key === 'ArrowDown') {
      if (this.timer !== null) this.apply();
      this.left.emit();
    } else return;
    event.preventDefault();
  }

  protected clear(): void {
    this.forgetTimer();
    this.text.set('');
    this.navigation.filterByName('');
    this.field().nativeElement.focus();
  }

  private apply(): void {
    this.forgetTimer();
    this.navigation.filterByName(this.text().trim());
  }

  private forgetTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}
