import { ChangeDetectionStrategy, Component, input, model } from '@angular/core';

import { Icon } from '../icon/icon';

export interface Choice {
  readonly value: string;
  readonly label: string;
}

let nextNumber = 0;

/** A choice of one among a few, by the browser's own list, with its label and a hint. */
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
        (change)="value.set(list.value)"
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
})
export class SelectField {
  readonly label = input.required<string>();
  /** Only read aloud, where what stands around says it to the eye. */
  readonly labelHidden = input(false);
  readonly choices = input.required<readonly Choice[]>();
  readonly value = model.required<string>();
  readonly hint = input<string | null>(null);
  readonly disabled = input(false);

  protected readonly id = `home-select-${(nextNumber += 1)}`;
}
