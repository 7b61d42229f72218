import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  viewChild,
} from '@angular/core';
import { Button, countOf, Icon } from '@homeserver/ui';

import { Dialogs } from '../core/dialog/dialogs';
import { Notices } from '../core/notices';
import { Asking } from '../core/sections/asking';
import { keepFocus } from '../core/sections/keep-focus';
import { PageWaiting } from '../core/sections/page-waiting';
import { SessionStore } from '../core/session-store';
import { DriveCard } from './drive-card';
import { DriveChanges } from './drive-changes';
import { DriveListStore } from './drive-list-store';

/** The disks that are served: how they are, how full they are, and what needs somebody to look. */
@Component({
  selector: 'home-drives-page',
  imports: [Button, DriveCard, Icon, PageWaiting],
  providers: [Asking, Dialogs, DriveChanges, DriveListStore, Notices],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <header>
      <h1 #heading tabindex="-1">Drives</h1>
      <p>{{ count() }}</p>
      @if (session.isAdmin()) {
        <button homeButton type="button" (click)="changes.add()">
          <home-icon name="add" />Add a drive
        </button>
      }
    </header>
    @if (store.list.problem(); as problem) {
      @if (store.drives() !== null) {
        <p class="stale" role="status">
          <home-icon name="offline" [size]="18" />{{ problem.title }}. This is how they were seen
          last.
        </p>
      }
    }
    @if (store.drives(); as drives) {
      <div class="cards" [class.is-stale]="store.list.problem() !== null">
        @for (drive of drives; track drive.id) {
          <home-drive-card
            [drive]="drive"
            [isDefault]="$first && drive.ownerId === null"
            [canManage]="session.isAdmin()"
          />
        } @empty {
          <p class="empty">No drive is yours to see. Ask an administrator for access to one.</p>
        }
      </div>
      @if (drives.length > 0 && session.isAdmin() && sharedCount() === 1) {
        <p class="empty">
          Disks that you already have can be served in place: add the folder where one is mounted.
          Its files stay under their own names, and show what other programs do to them.
        </p>
      }
    } @else {
      <home-page-waiting
        label="Loading the drives"
        [problem]="store.list.problem()"
        (retry)="retry()"
      />
    }
  `,
  styles: `
    :host {
      display: block;
    }

    header {
      display: flex;
      align-items: center;
      gap: 12px;
      min-height: 38px;
      margin-bottom: 16px;
    }

    header p {
      flex: 1;
      color: var(--muted);
      font-variant-numeric: tabular-nums;
    }

    .cards {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(min(100%, 400px), 1fr));
      align-items: start;
      gap: 16px;
    }

    .is-stale {
      opacity: 0.6;
    }

    .stale {
      display: flex;
      align-items: center;
      gap: 10px;
      margin-bottom: 16px;
      color: var(--muted);
    }

    .stale home-icon {
      color: var(--warning);
    }

    .empty {
      grid-column: 1 / -1;
      max-width: 560px;
      margin: 24px auto;
      color: var(--muted);
      text-align: center;
      text-wrap: balance;
    }
  `,
})
export class DrivesPage {
  protected readonly session = inject(SessionStore);
  protected readonly store = inject(DriveListStore);
  protected readonly changes = inject(DriveChanges);
  protected readonly count = computed(() => {
    const drives = this.store.drives();
    return drives === null ? '' : countOf(drives.length, 'drive');
  });
  protected readonly sharedCount = computed(
    () => this.store.drives()?.filter(({ ownerId }) => ownerId === null).length ?? 0,
  );

  private readonly injector = inject(Injector);
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');

  protected async retry(): Promise<void> {
    await this.store.list.retry();
    // The button that was pressed is gone.
    keepFocus(() => this.heading().nativeElement, this.injector);
  }
}
