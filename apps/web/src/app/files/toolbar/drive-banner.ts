import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '@homeserver/ui';

import { conditionOf } from '../../core/drives/drive-words';
import { SessionStore } from '../../core/session-store';
import { ListFeed } from '../listing/list-feed';

/** What is the matter with the drive that is open, where something is. */
@Component({
  selector: 'home-drive-banner',
  imports: [Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (condition(); as condition) {
      <div role="status" [class]="condition.tone">
        <home-icon [name]="condition.icon" [size]="18" />
        <p>
          <b>{{ condition.label }}.</b> {{ condition.text }}
        </p>
        @if (session.isAdmin()) {
          <a routerLink="/drives">Drives</a>
        }
      </div>
    }
  `,
  styleUrl: './drive-banner.scss',
})
export class DriveBanner {
  protected readonly session = inject(SessionStore);
  protected readonly condition = computed(() => {
    const drive = this.feed.drive();
    if (drive === null) return null;
    const condition = conditionOf(drive);
    // What needs no words: a badge on the drives' page says as much.
    return condition.text === '' ? null : condition;
  });

  private readonly feed = inject(ListFeed);
}
