import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import type { TrashItem } from '@homeserver/dto';
import { Button, countOf, EmptyState, Icon, ProblemLine } from '@homeserver/ui';

import { Clock } from '../../core/clock';
import { Dialogs } from '../../core/dialog/dialogs';
import { DrivesStore } from '../../core/drives-store';
import { Notices } from '../../core/notices';
import { AskDialog, type Question } from '../../core/sections/ask-dialog';
import { Asking } from '../../core/sections/asking';
import { keepFocus } from '../../core/sections/keep-focus';
import { PageWaiting } from '../../core/sections/page-waiting';
import { askTwice, lastQuestion } from '../actions/delete-dialog';
import { type TrashSection, sectionsOf } from './trash-sections';
import { TrashStore } from './trash-store';

/** What was deleted, by drive: since when, and until when it can come back. */
@Component({
  selector: 'home-trash-page',
  imports: [Button, EmptyState, Icon, PageWaiting, ProblemLine, RouterLink],
  providers: [Asking, Dialogs, Notices, TrashStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './trash-page.html',
  styleUrl: './trash-page.scss',
})
export class TrashPage {
  protected readonly store = inject(TrashStore);
  protected readonly sections = computed(() => {
    const items = this.store.items();
    // Without their drives they have no name, and stand in another order; better so than not at all.
    const drives = this.drives.drives() ?? (this.drives.problem() === null ? null : []);
    if (items === null || drives === null) return null;
    return sectionsOf(items, drives, this.clock.now());
  });
  protected readonly count = computed(() => {
    const items = this.store.items();
    if (items === null || items.length === 0) return '';
    return countOf(items.length, 'item') + (this.store.hasMore() ? ' and more' : '');
  });

  private readonly drives = inject(DrivesStore);
  private readonly clock = inject(Clock);
  private readonly asking = inject(Asking);
  private readonly dialogs = inject(Dialogs);
  private readonly notices = inject(Notices);
  private readonly injector = inject(Injector);
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');

  protected async retry(): Promise<void> {
    await this.store.trash.retry();
    this.keepKeyboard();
  }

  protected async showOlder(): Promise<void> {
    await this.store.more();
    this.keepKeyboard();
  }

  protected async restore(item: TrashItem): Promise<void> {
    const isDone = await this.asking.do(async () => {
      const { storagePath } = await this.store.restore(item);
      this.notices.say(`Restored to ${storagePath}.`);
    }, null);
    if (isDone) this.keepKeyboard();
  }

  protected async remove(item: TrashItem): Promise<void> {
    if (!(await askTwice(this.dialogs, [item.file]))) return;
    await this.asking.do(
      () => this.store.remove(item),
      `“${item.file.filename}” deleted for good.`,
    );
    this.keepKeyboard();
  }

  protected async empty(section: TrashSection): Promise<void> {
    const first: Question = {
      heading: `Empty the trash of “${section.name}”?`,
      text: 'All that is in it is deleted for good, also what others have put there.',
      consent: 'Empty the trash',
    };
    if ((await this.dialogs.ask<boolean>(AskDialog, first)) !== true) return;
    await this.asking.askAndDo(
      lastQuestion('it'),
      () => this.store.empty(section),
      'The trash is emptied.',
    );
    this.keepKeyboard();
  }

  /** The button that was pressed is gone. */
  private keepKeyboard(): void {
    keepFocus(() => this.heading().nativeElement, this.injector);
  }
}
