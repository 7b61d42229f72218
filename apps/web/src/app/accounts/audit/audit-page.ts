import {
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  Injector,
  viewChild,
} from '@angular/core';
import { toObservable, toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router } from '@angular/router';
import {
  Button,
  type Choice,
  EmptyState,
  formatClock,
  formatDateTime,
  formatDay,
  Icon,
  ProblemLine,
  SelectField,
} from '@homeserver/ui';

import { Clock } from '../../core/clock';
import { capitalised } from '../../core/ago';
import { keepFocus } from '../../core/sections/keep-focus';
import { PageWaiting } from '../../core/sections/page-waiting';
import { UsersStore } from '../users/users-store';
import { KIND_CHOICES, typesOf } from './audit-kinds';
import { AuditStore } from './audit-store';
import { type AuditSentence, sentenceOf } from './audit-words';

interface AuditLine extends AuditSentence {
  readonly id: string;
  readonly clock: string;
  readonly fullTime: string;
  readonly isoTime: string;
  readonly from: string;
}

interface AuditDay {
  readonly name: string;
  readonly lines: AuditLine[];
}

/** Who did what, when and from where, the newest first. */
@Component({
  selector: 'home-audit-page',
  imports: [Button, EmptyState, Icon, PageWaiting, ProblemLine, SelectField],
  providers: [AuditStore, UsersStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './audit-page.html',
  styleUrl: './audit-page.scss',
})
export class AuditPage {
  protected readonly store = inject(AuditStore);
  protected readonly kindChoices = KIND_CHOICES;
  protected readonly kind = computed(() => this.params().get('kind') ?? '');
  protected readonly person = computed(() => this.params().get('person') ?? '');
  protected readonly isFiltered = computed(() => this.kind() !== '' || this.person() !== '');
  protected readonly personChoices = computed<readonly Choice[]>(() => {
    const users = this.users.users() ?? [];
    const people = users.map((user) => ({ value: user.id, label: user.displayName }));
    // Somebody who is gone, or not known yet, still is who is filtered by.
    const isKnown = this.person() === '' || users.some((user) => user.id === this.person());
    const other = isKnown ? [] : [{ value: this.person(), label: 'Somebody else' }];
    return [{ value: '', label: 'Everybody' }, ...people, ...other];
  });
  protected readonly days = computed(() => {
    const entries = this.store.entries();
    return entries === null ? null : this.daysOf(entries);
  });

  private readonly heading = viewChild.required<ElementRef<HTMLElement>>('heading');
  private readonly end = viewChild<ElementRef<HTMLElement>>('end');
  private readonly injector = inject(Injector);
  private readonly users = inject(UsersStore);
  private readonly clock = inject(Clock);
  private readonly route = inject(ActivatedRoute);
  private readonly router = inject(Router);
  private readonly params = toSignal(this.route.queryParamMap, {
    initialValue: this.route.snapshot.queryParamMap,
  });
  private readonly filter = computed(
    () => ({
      types: typesOf(this.kind()),
      actorId: this.person() === '' ? null : this.person(),
    }),
    { equal: (one, other) => one.actorId === other.actorId && one.types === other.types },
  );

  constructor() {
    toObservable(this.filter).subscribe((filter) => void this.store.show(filter));
  }

  protected async retry(): Promise<void> {
    await this.store.retry();
    // The button that was pressed is gone.
    keepFocus(() => this.heading().nativeElement, this.injector);
  }

  protected async showOlder(): Promise<void> {
    await this.store.more();
    // With the last page the button goes.
    keepFocus(() => this.end()?.nativeElement, this.injector);
  }

  protected choose(filter: { kind?: string; person?: string }): void {
    const queryParams = Object.fromEntries(
      Object.entries(filter).map(([name, value]) => [name, value === '' ? null : value]),
    );
    void this.router.navigate([], {
      relativeTo: this.route,
      queryParams,
      queryParamsHandling: 'merge',
    });
  }

  private daysOf(entries: NonNullable<ReturnType<AuditStore['entries']>>): readonly AuditDay[] {
    const names = new Map((this.users.users() ?? []).map((user) => [user.id, user.displayName]));
    const now = this.clock.now();
    const days: AuditDay[] = [];
    for (const entry of entries) {
      const time = new Date(entry.time);
      const name = capitalised(formatDay(time, now));
      const line: AuditLine = {
        ...sentenceOf(entry, (id) => names.get(id) ?? null),
        id: entry.id,
        clock: formatClock(time),
        fullTime: formatDateTime(time),
        isoTime: entry.time,
        from: entry.clientAddress ?? '',
      };
      const last = days.at(-1);
      if (last?.name === name) last.lines.push(line);
      else days.push({ name, lines: [line] });
    }
    return days;
  }
}
