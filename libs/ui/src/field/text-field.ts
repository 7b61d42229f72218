import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  input,
  model,
  signal,
  viewChild,
} from '@angular/core';

import { Icon } from '../icon/icon';

/** What a text is, for the keyboards of phones and for what the browser may fill in. */
export type TextKind = 'text' | 'password' | 'code' | 'date';

let nextNumber = 0;

/** A field with its label, and below it a hint, or in its place what is wrong. Passwords can be shown. */
@Component({
  selector: 'home-text-field',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <label [for]="id">{{ label() }}</label>
    <div class="box">
      <input
        #field
        [id]="id"
        [type]="type()"
        [value]="value()"
        [disabled]="disabled()"
        [attr.name]="name()"
        [attr.autocomplete]="autocomplete()"
        [attr.inputmode]="kind() === 'code' ? 'numeric' : null"
        [attr.maxlength]="maximumLength()"
        [attr.min]="minimum()"
        [attr.placeholder]="placeholder()"
        [attr.aria-invalid]="fault() === null ? null : true"
        [attr.aria-describedby]="note() === null ? null : id + '-note'"
        autocapitalize="off"
        spellcheck="false"
        (input)="value.set(field.value)"
      />
      @if (kind() === 'password') {
        <button
          type="button"
          [attr.aria-label]="(isShown() ? 'Hide: ' : 'Show: ') + label()"
          [title]="isShown() ? 'Hide' : 'Show'"
          (click)="isShown.set(!isShown())"
        >
          <home-icon [name]="isShown() ? 'eyeOff' : 'eye'" [size]="18" />
        </button>
      }
    </div>
    @if (note(); as words) {
      <p [id]="id + '-note'" [class.fault]="fault() !== null">{{ words }}</p>
    }
  `,
  styleUrl: './field.scss',
  host: { '[class.is-faulty]': 'fault() !== null' },
})
export class TextField {
  readonly label = input.required<string>();
  readonly value = model('');
  readonly kind = input<TextKind>('text');
  readonly hint = input<string | null>(null);
  /** What is wrong with the value, and what to do; null when nothing is. */
  readonly fault = input<string | null>(null);
  readonly name = input<string | null>(null);
  /** A token of the HTML standard, such as `current-password`. */
  readonly autocomplete = input('off');
  readonly placeholder = input<string | null>(null);
  readonly maximumLength = input<number | null>(null);
  /** Of a date, the earliest one: `2026-08-14`. */
  readonly minimum = input<string | null>(null);
  readonly disabled = input(false);

  protected readonly id = `home-field-${(nextNumber += 1)}`;
  protected readonly isShown = signal(false);
  protected readonly note = computed(() => this.fault() ?? this.hint());
  protected readonly type = computed(() => {
    const kind = this.kind();
    if (kind === 'code') return 'text';
    return kind === 'password' && this.isShown() ? 'text' : kind;
  });

  private readonly field = viewChild.required<ElementRef<HTMLInputElement>>('field');

  focus(): void {
    this.field().nativeElement.focus();
  }
}
