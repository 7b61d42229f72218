import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  viewChild,
} from '@angular/core';
import type { User } from '@homeserver/dto';
import {
  Button,
  countOf,
  formatDateTime,
  Icon,
  type ProgressTone,
  SelectField,
} from '@homeserver/ui';

import { Clock } from '../../core/clock';
import { Dialogs } from '../../core/dialog/dialogs';
import { Notices } from '../../core/notices';
import { agoText, capitalised } from '../../core/ago';
import { PersonMark } from '../people/person-mark';
import { ROLE_CHOICES, roleOf } from '../people/role-words';
import { Asking } from '../../core/sections/asking';
import { keepFocus } from '../../core/sections/keep-focus';
import { PageWaiting } from '../../core/sections/page-waiting';
import { quotaText, quotaTone } from './quota-words';
import { UserChanges } from './user-changes';
import { UsersStore } from './users-store';

type Action = 'resetPassword' | 'changeQuota' | 'enable' | 'disable' | 'delete';

interface UserLine {
  readonly user: User;
  readonly isMe: boolean;
  readonly used: string;
  /** How full the quota is. */
  readonly tone: ProgressTone;
  readonly seen: string;
  readonly seenTitle: string | null;
}

/** Everybody who may sign in: their role, whether they may at the moment, when they were here. */
@Component({
  selector: 'home-users-page',
  imports: [
    Button,
    CdkMenu,
    CdkMenuItem,
    CdkMenuTrigger,
    Icon,
    PageWaiting,
    PersonMark,
    SelectField,
  ],
  providers: [Asking, Dialogs, Notices, UserChanges, UsersStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './users-page.html',
  styleUrls: ['./users-page.scss', '../../core/sections/menu.scss'],
})
export class UsersPage {
  protected readonly store = inject(UsersStore);
  protected readonly changes = inject(UserChanges);
  protected readonly roleChoices = ROLE_CHOICES;
  protected readonly roleOf = roleOf;
  protected readonly lines = computed(() => {
    const now = this.clock.now();
    return this.store.users()?.map((user) => this.lineOf(user, now)) ?? null;
  });
  protected readonly count = computed(() => {
    const lines = this.lines();
    return lines === null ? '' : countOf(lines.length, 'person', 'people');
  });

  private readonly clock = inject(Clock);
  private readonly injector = inject(Injector);
  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');

  /** What was chosen in the menu of a person. */
  protected async choose(action: Action, user: User): Promise<void> {
    // Only then is the menu gone, and the keyboard at its button again, which dialogs give it back to.
    await Promise.resolve();
    await this.act(action, user);
    this.keepFocus();
  }

  protected async retry(): Promise<void> {
    await this.store.list.retry();
    this.keepFocus();
  }

  private act(action: Action, user: User): Promise<void> {
    if (action === 'delete') return this.changes.delete(user);
    if (action === 'resetPassword') return this.changes.resetPassword(user);
    if (action === 'changeQuota') return this.changes.changeQuota(user);
    return this.changes.setDisabled(user, action === 'disable');
  }

  /** What had the keyboard may be gone. */
  private keepFocus(): void {
    keepFocus(() => this.heading().nativeElement, this.injector);
  }

  private lineOf(user: User, now: Date): UserLine {
    const { lastSeenAt } = user;
    return {
      user,
      isMe: this.changes.isMe(user),
      used: quotaText(user),
      tone: quotaTone(user),
      seen: lastSeenAt === null ? 'Never yet' : capitalised(agoText(lastSeenAt, now)),
      seenTitle: lastSeenAt === null ? null : formatDateTime(new Date(lastSeenAt)),
    };
  }
}
