import { ChangeDetectionStrategy, Component, computed, input, model } from '@angular/core';

let nextNumber = 0;

/** A field of several lines with its label, and below it a hint, or in its place what is wrong. */
@Component({
  selector: 'home-text-area',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <label [for]="id">{{ label() }}</label>
    <div class="box">
      <textarea
        #field
        [id]="id"
        [rows]="rows()"
        [value]="value()"
        [attr.aria-invalid]="fault() === null ? null : true"
        [attr.aria-describedby]="note() === null ? null : id + '-note'"
        autocapitalize="off"
        autocomplete="off"
        spellcheck="false"
        (input)="value.set(field.value)"
      ></textarea>
    </div>
    @if (note(); as words) {
      <p [id]="id + '-note'" [class.fault]="fault() !== null">{{ words }}</p>
    }
  `,
  styleUrl: './field.scss',
  host: { '[class.is-faulty]': 'fault() !== null' },
})
export class TextArea {
  readonly label = input.required<string>();
  readonly value = model('');
  readonly rows = input(4);
  readonly hint = input<string | null>(null);
  /** What is wrong with the value, and what to do; null when nothing is. */
  readonly fault = input<string | null>(null);

  protected readonly id = `home-area-${(nextNumber += 1)}`;
  protected readonly note = computed(() => this.fault() ?? this.hint());
}
