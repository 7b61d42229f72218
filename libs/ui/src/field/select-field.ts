import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

import { Icon } from '../icon/icon';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

let nextNumber = 0;

/**
 * A choice of one among a few, by the browser's own list, with its label and a hint. Shows what `value`
 * says, whatever was chosen.
 */
@Component({
  selector: 'home-select-field',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <label [for]="id" [class.visually-hidden]="labelHidden()">{{ label() }}</label>
    <div class="box">
      <select
        #list
        [id]="id"
        [disabled]="disabled()"
        [attr.aria-describedby]="hint() === null ? null : id + '-note'"
        (change)="choose(list)"
      >
        @for (choice of choices(); track choice.value) {
          <option [value]="choice.value" [selected]="choice.value === value()">
            {{ choice.label }}
          </option>
        }
      </select>
      <home-icon name="chevronDown" [size]="18" />
    </div>
    @if (hint(); as words) {
      <p [id]="id + '-note'">{{ words }}</p>
    }
  `,
  styleUrl: './field.scss',
  host: { '[class.is-quiet]': "look() === 'quiet'" },
})
export class SelectField {
  readonly label = input.required<string>();
  /** Only read aloud, where what stands around says it to the eye. */
  readonly labelHidden = input(false);
  readonly choices = input.required<readonly Choice[]>();
  readonly value = input.required<string>();
  readonly hint = input<string | null>(null);
  readonly disabled = input(false);
  /** `quiet`: without a frame until it is pointed at, for many beside each other. */
  readonly look = input<'boxed' | 'quiet'>('boxed');

  /** What is wanted now. */
  readonly changed = output<string>();

  protected readonly id = `home-select-${(nextNumber += 1)}`;

  protected choose(list: HTMLSelectElement): void {
    const wanted = list.value;
    // What it shows is what is known, not what was wished: that may be refused.
    list.value = this.value();
    this.changed.emit(wanted);
  }
}
