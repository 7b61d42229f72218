import { ChangeDetectionStrategy, Component, input } from '@angular/core';

/** A page before the frame of all others: one calm card. Content: a lead in an element with `lead`, and the card. */
@Component({
  selector: 'home-entry-frame',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <main>
      <header>
        <img src="icon.svg" alt="" width="48" height="48" />
        <h1>{{ heading() }}</h1>
        <ng-content select="[lead]" />
      </header>
      <div class="card"><ng-content /></div>
      <ng-content select="[foot]" />
    </main>
  `,
  styleUrl: './entry-frame.scss',
})
export class EntryFrame {
  readonly heading = input.required<string>();
}
