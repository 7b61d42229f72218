import { ChangeDetectionStrategy, Component, computed, DOCUMENT, inject } from '@angular/core';
import { bytesText, Button, countOf, Icon } from '@homeserver/ui';

import { quoteNames } from '../entries/entry-name';
import { chosenFrom } from './chosen-file';
import { FormerUploads } from './former-uploads';

/** Offers to go on with what a reload has interrupted. */
@Component({
  selector: 'home-former-offer',
  imports: [Button, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (former.count() > 0) {
      <section role="group" aria-labelledby="home-former-uploads">
        <home-icon name="history" [size]="18" />
        <div>
          <h3 id="home-former-uploads">{{ heading() }}</h3>
          <p aria-live="polite">{{ words() }}</p>
          <div class="choices">
            @if (former.canOpen() && former.changedCount() === 0) {
              <button homeButton look="primary" type="button" (click)="former.goOn()">Go on</button>
            } @else {
              <button homeButton look="primary" type="button" (click)="choose(false)">
                Choose files
              </button>
              @if (former.hasFolders()) {
                <button homeButton type="button" (click)="choose(true)">Choose the folder</button>
              }
            }
            <button homeButton type="button" (click)="former.forget()">Forget them</button>
          </div>
        </div>
      </section>
    }
  `,
  styleUrl: './upload-questions.scss',
})
export class FormerOffer {
  protected readonly former = inject(FormerUploads);
  protected readonly heading = computed(
    () =>
      `${countOf(this.former.count(), 'upload')} (${bytesText(this.former.bytes())}) did not come to the end`,
  );
  protected readonly words = computed(() => {
    const names = quoteNames(this.former.names());
    if (this.former.isMissed())
      return `${names}: what you chose is none of them. The same file has the same name, size and time of change.`;
    if (this.former.changedCount() > 0)
      return `${names}: changed since, or not to be opened. Choose them again, or forget them.`;
    return this.former.canOpen()
      ? `${names}. They go on where they were; the browser may ask whether it may read them.`
      : `${names}. This page may not open files by itself: choose the same ones again, or drop them into the same folder, and they go on where they were.`;
  });

  private readonly document = inject(DOCUMENT);

  protected choose(isFolder: boolean): void {
    const input = this.document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.webkitdirectory = isFolder;
    input.addEventListener('change', () => this.former.choose(chosenFrom(input.files ?? [])));
    input.click();
  }
}
