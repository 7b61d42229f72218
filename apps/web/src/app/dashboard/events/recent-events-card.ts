import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { formatAge, formatDateTime, Icon, RequestId } from '@homeserver/ui';

import { Clock } from '../../core/clock';
import { RecentEventsStore } from './recent-events-store';

/** What has just happened, told from the event log. */
@Component({
  selector: 'home-recent-events-card',
  imports: [Icon, RequestId],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './recent-events-card.html',
  styleUrl: './recent-events-card.scss',
  providers: [RecentEventsStore],
  host: { class: 'card' },
})
export class RecentEventsCard {
  protected readonly store = inject(RecentEventsStore);
  protected readonly lines = computed(() => {
    const now = this.clock.now();
    return (this.store.happenings() ?? []).map((happening) => ({
      ...happening,
      age: formatAge(happening.time, now),
      fullTime: formatDateTime(happening.time),
    }));
  });
  protected readonly isLoading = computed(
    () => this.store.happenings() === null && this.store.problem() === null,
  );
  protected readonly isEmpty = computed(() => this.store.happenings()?.length === 0);

  private readonly clock = inject(Clock);
}
