import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { bytesText, Button, countOf, Icon } from '@homeserver/ui';

import type { ConflictChoice } from './upload-batch';
import type { UploadItem } from './upload-item';
import { UploadQueue } from './upload-queue';

/** What only the person can decide; the other uploads go on meanwhile. */
@Component({
  selector: 'home-upload-questions',
  imports: [Button, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (queue.taken().length > 0) {
      <section role="group" aria-labelledby="home-upload-taken">
        <home-icon name="copy" [size]="18" />
        <div>
          <h3 id="home-upload-taken">{{ takenHeading() }}</h3>
          <p>Files with these names are in the folder. Nothing of them is lost by any choice.</p>
          @if (queue.taken().length > 1) {
            <p class="names" [title]="takenNames()">{{ takenNames() }}</p>
          }
          <div class="choices">
            <button homeButton look="primary" type="button" (click)="decide('rename')">
              Keep both
            </button>
            <button homeButton type="button" (click)="decide('version')">New version</button>
            <button homeButton type="button" (click)="decide('skip')">Skip</button>
          </div>
          <label>
            <input type="checkbox" [checked]="isForAll()" (change)="isForAll.set(!isForAll())" />
            {{ forAllWords() }}
          </label>
        </div>
      </section>
    }
    @if (queue.known().length > 0) {
      <section role="group" aria-labelledby="home-upload-known">
        <home-icon name="check" [size]="18" />
        <div>
          <h3 id="home-upload-known">{{ knownHeading() }}</h3>
          <p>{{ knownWords() }}</p>
          <div class="choices">
            <button
              homeButton
              look="primary"
              type="button"
              (click)="queue.decideKnown(queue.known(), 'copy')"
            >
              Copy it here
            </button>
            <button homeButton type="button" (click)="queue.decideKnown(queue.known(), 'skip')">
              Skip
            </button>
            <button homeButton type="button" (click)="queue.decideKnown(queue.known(), 'upload')">
              Upload anyway
            </button>
          </div>
        </div>
      </section>
    }
  `,
  styleUrl: './upload-questions.scss',
})
export class UploadQuestions {
  protected readonly queue = inject(UploadQueue);
  protected readonly isForAll = signal(true);
  protected readonly takenHeading = computed(() => {
    const { length } = this.queue.taken();
    return `${nameOrCount(this.queue.taken())} ${length === 1 ? 'is' : 'are'} there already`;
  });
  protected readonly takenNames = computed(() =>
    this.queue
      .taken()
      .slice(0, 20)
      .map(({ path }) => path)
      .join(', '),
  );
  protected readonly forAllWords = computed(() =>
    this.isForAll() || this.queue.taken().length === 1
      ? 'Do the same for others of this upload'
      : `Only for “${this.queue.taken()[0]?.name ?? ''}”`,
  );
  protected readonly knownHeading = computed(
    () => `HomeServer has ${nameOrCount(this.queue.known())} already`,
  );
  protected readonly knownWords = computed(() => {
    const bytes = this.queue.known().reduce((sum, { size }) => sum + size, 0);
    const places = new Set(this.queue.known().map(({ twin }) => folderOf(twin?.storagePath ?? '')));
    const [place] = places;
    const where = places.size === 1 && place !== '' ? ` in “${place}”` : '';
    return `The same content is there${where}. A copy within HomeServer saves sending ${bytesText(bytes)}.`;
  });

  protected decide(choice: ConflictChoice): void {
    const isForAll = this.isForAll();
    const asked = this.queue.taken();
    this.queue.decideTaken(isForAll ? asked : asked.slice(0, 1), choice, isForAll);
  }
}

function nameOrCount(items: readonly UploadItem[]): string {
  const [first] = items;
  return items.length === 1 && first !== undefined
    ? `“${first.name}”`
    : countOf(items.length, 'file');
}

function folderOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}
