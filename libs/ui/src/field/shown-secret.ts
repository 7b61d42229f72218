import { Clipboard } from '@angular/cdk/clipboard';
import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  input,
  linkedSignal,
  viewChild,
} from '@angular/core';

import { Button } from '../button/button';
import { Icon } from '../icon/icon';

type CopyState = 'idle' | 'copied' | 'selected';

const WORDS: Readonly<Record<CopyState, string>> = {
  idle: 'Copy',
  copied: 'Copied',
  selected: 'Selected',
};

/** A secret that is shown this once, to be copied or typed off. */
@Component({
  selector: 'home-shown-secret',
  imports: [Button, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <code #text tabindex="0" [attr.aria-label]="label()">{{ secret() }}</code>
    <button homeButton type="button" (click)="copy()">
      <home-icon [name]="state() === 'copied' ? 'check' : 'copy'" [size]="18" />
      <span aria-live="polite">{{ words[state()] }}</span>
    </button>
  `,
  styleUrl: './shown-secret.scss',
})
export class ShownSecret {
  readonly secret = input.required<string>();
  /** What it is, for those who do not see it. */
  readonly label = input.required<string>();

  protected readonly words = WORDS;
  protected readonly state = linkedSignal<string, CopyState>({
    source: this.secret,
    computation: () => 'idle',
  });

  private readonly text = viewChild.required<ElementRef<HTMLElement>>('text');
  // Not navigator.clipboard: over plain HTTP, the usual way into a home server, browsers have none.
  private readonly clipboard = inject(Clipboard);

  protected copy(): void {
    if (this.clipboard.copy(this.secret())) {
      this.state.set('copied');
      return;
    }
    // Nothing may be copied here: it is selected, for the keys or the menu of the browser.
    const element = this.text().nativeElement;
    element.ownerDocument.defaultView?.getSelection()?.selectAllChildren(element);
    this.state.set('selected');
  }
}
