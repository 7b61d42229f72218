import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { formatClock, Icon } from '@homeserver/ui';

import { FileListStore } from '../listing/file-list-store';
import { ListFeed } from '../listing/list-feed';

/** Says when what is shown may be out of date, and since when. */
@Component({
  selector: 'home-list-notice',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (words(); as words) {
      <div role="status" [class.is-problem]="isProblem()">
        <home-icon name="offline" [size]="18" />
        <span>{{ words }}</span>
        <button type="button" (click)="list.reload()">Try again</button>
      </div>
    }
  `,
  styleUrl: './list-notice.scss',
})
export class ListNotice {
  protected readonly list = inject(FileListStore);
  protected readonly isProblem = computed(() => this.list.restProblem() !== null);
  protected readonly words = computed(() => {
    const seenAt = this.list.seenAt();
    if (seenAt === null || this.list.status() === 'failed') return null;
    const age = `This is the list as of ${formatClock(seenAt)}.`;
    const problem = this.list.restProblem();
    if (problem !== null) return `${problem.title}. ${age}`;
    return this.feed.isLive() ? null : `Changes do not arrive by themselves at the moment. ${age}`;
  });

  private readonly feed = inject(ListFeed);
}
