import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';

let nextNumber = 0;

/** Something that is on or off, and that changes at once. Shows what `checked` says, whatever was pressed. */
@Component({
  selector: 'home-switch',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="words">
      <label [for]="id">{{ label() }}</label>
      @if (hint(); as words) {
        <p [id]="id + '-note'">{{ words }}</p>
      }
    </div>
    <input
      #box
      type="checkbox"
      role="switch"
      [id]="id"
      [checked]="checked()"
      [disabled]="disabled()"
      [attr.aria-describedby]="hint() === null ? null : id + '-note'"
      (click)="press($event)"
    />
  `,
  styleUrl: './switch.scss',
})
export class Switch {
  readonly label = input.required<string>();
  readonly checked = input.required<boolean>();
  readonly hint = input<string | null>(null);
  readonly disabled = input(false);

  /** What is wanted now. */
  readonly changed = output<boolean>();

  protected readonly id = `home-switch-${(nextNumber += 1)}`;

  protected press(event: Event): void {
    // What it shows is what is known, not what was wished: that may be refused.
    event.preventDefault();
    this.changed.emit(!this.checked());
  }
}
