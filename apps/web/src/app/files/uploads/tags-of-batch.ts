import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  Injector,
  signal,
  viewChild,
} from '@angular/core';
import type { TagCount } from '@homeserver/dto';
import { countOf, Icon } from '@homeserver/ui';

import { FilesApi } from '../files-api';
import { TagEditor } from '../tags/tag-editor';
import { UploadQueue } from './upload-queue';
import { UploadTagging } from './upload-tagging';

/** Tags for the files that were chosen last, at any time of their upload. */
@Component({
  selector: 'home-tags-of-batch',
  imports: [Icon, TagEditor],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (batch(); as batch) {
      @if (isEditing()) {
        <p class="label">{{ label() }}</p>
        <home-tag-editor
          [tags]="batch.tags()"
          [known]="known()"
          [label]="label()"
          (edited)="tagging.setTags(batch, $event)"
        />
      } @else {
        <button type="button" (click)="open()">
          <home-icon name="tag" [size]="16" />{{ invitation() }}
        </button>
      }
      @if (batch.untaggedCount() > 0) {
        <p class="fault" role="alert">{{ failure() }}</p>
      }
    }
  `,
  styleUrl: './tags-of-batch.scss',
  host: { '[class.is-open]': 'isEditing()' },
})
export class TagsOfBatch {
  protected readonly tagging = inject(UploadTagging);
  protected readonly isOpen = signal(false);
  protected readonly batch = computed(() => this.queue.batches().at(-1) ?? null);
  /** Once there are tags, they stay in sight. */
  protected readonly isEditing = computed(
    () => this.isOpen() || (this.batch()?.tags().length ?? 0) > 0,
  );
  protected readonly label = computed(() => `Tags of ${this.what()}`);
  protected readonly invitation = computed(() => `Give ${this.what()} tags`);
  protected readonly failure = computed(
    () => `${countOf(this.batch()?.untaggedCount() ?? 0, 'file')} kept the tags before.`,
  );
  protected readonly known = computed(() => this.knownTags());

  private readonly queue = inject(UploadQueue);
  private readonly api = inject(FilesApi);
  private readonly injector = inject(Injector);
  private readonly editor = viewChild(TagEditor);
  private readonly knownTags = signal<readonly TagCount[]>([]);
  private readonly what = computed(() => {
    const count = this.batch()?.fileCount() ?? 0;
    if (count === 1) return 'this file';
    const files = countOf(count, 'file');
    return this.queue.batches().length > 1 ? `the last ${files}` : `these ${files}`;
  });

  protected open(): void {
    this.isOpen.set(true);
    // The button that was pressed is gone.
    afterNextRender({ read: () => this.editor()?.focus() }, { injector: this.injector });
    this.api.tags().subscribe({
      next: (page) => this.knownTags.set(page.items),
      // Without suggestions tags can still be typed.
      error: () => undefined,
    });
  }
}
