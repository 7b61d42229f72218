import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  Injector,
  input,
  viewChild,
} from '@angular/core';

import { keepFocus } from './keep-focus';

/** One matter of a page: what it is, what it is for, an action on the right, and below what there is. */
@Component({
  selector: 'home-section-card',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <div>
        <h2 #title tabindex="-1">{{ heading() }}</h2>
        <p>{{ text() }}</p>
      </div>
      <ng-content select="[action]" />
    </header>
    <ng-content />
  `,
  styles: `
    :host {
      display: block;
      min-width: 0;
    }

    header {
      display: flex;
      align-items: flex-start;
      gap: 16px;
      margin-bottom: 12px;
    }

    header div {
      flex: 1;
      min-width: 0;
    }

    h2 {
      font-size: 15px;
      font-weight: 620;
      letter-spacing: -0.01em;
    }

    h2:focus {
      outline: none;
    }

    p {
      margin-top: 2px;
      color: var(--muted);
      font-size: 13px;
    }
  `,
  host: { class: 'card' },
})
export class SectionCard {
  readonly heading = input.required<string>();
  readonly text = input.required<string>();

  private readonly title = viewChild.required<ElementRef<HTMLElement>>('title');
  private readonly injector = inject(Injector);

  /** To be called when something here was done: what had the keyboard may be gone. */
  keepFocus(): void {
    keepFocus(() => this.title().nativeElement, this.injector);
  }
}
