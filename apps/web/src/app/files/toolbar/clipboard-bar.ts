import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { Button, Icon } from '@homeserver/ui';

import { quoteNames } from '../entries/entry-name';
import { countOfEntries } from '../entries/entry-count';
import { FileClipboard } from '../transfers/file-clipboard';

/** What was cut or copied, and the way to put it down here, also where there is no keyboard. */
@Component({
  selector: 'home-clipboard-bar',
  imports: [Button, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (words(); as words) {
      <div role="group" aria-label="Cut or copied">
        <home-icon [name]="clipboard.clipping()?.mode === 'cut' ? 'cut' : 'copy'" [size]="18" />
        <p>{{ words }}</p>
        <button homeButton type="button" title="Paste (Ctrl+V)" (click)="pasteAsked.emit()">
          <home-icon name="paste" />Paste here
        </button>
        <button
          type="button"
          class="close"
          aria-label="Forget what was cut or copied"
          title="Forget"
          (click)="clipboard.clear()"
        >
          <home-icon name="close" [size]="18" />
        </button>
      </div>
    }
  `,
  styleUrl: './clipboard-bar.scss',
})
export class ClipboardBar {
  readonly pasteAsked = output();

  protected readonly clipboard = inject(FileClipboard);
  protected readonly words = computed(() => {
    const clipping = this.clipboard.clipping();
    if (clipping === null) return null;
    const { files, mode } = clipping;
    const what =
      files.length > 2 ? countOfEntries(files) : quoteNames(files.map(({ filename }) => filename));
    return `${what} ${mode === 'cut' ? 'cut' : 'copied'}`;
  });
}
