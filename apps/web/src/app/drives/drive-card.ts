import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { Drive } from '@homeserver/dto';
import { Button, formatDateTime, Icon, ProgressBar } from '@homeserver/ui';

import { Clock } from '../core/clock';
import { conditionOf, fillOf } from '../core/drives/drive-words';
import { CorruptedFiles } from './corrupted-files';
import { DriveChanges } from './drive-changes';
import { factsOf, roomText } from './drive-facts';

/** One drive: what it is, how it is, how full it is, and what can be done with it. */
@Component({
  selector: 'home-drive-card',
  imports: [
    Button,
    CorruptedFiles,
    CdkMenu,
    CdkMenuItem,
    CdkMenuTrigger,
    Icon,
    ProgressBar,
    RouterLink,
  ],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './drive-card.html',
  styleUrls: ['./drive-card.scss', '../core/sections/menu.scss'],
  host: { role: 'article', '[attr.aria-labelledby]': 'headingId()' },
})
export class DriveCard {
  readonly drive = input.required<Drive>();
  readonly isDefault = input.required<boolean>();
  /** Whether the person may do more than look at it. */
  readonly canManage = input.required<boolean>();

  protected readonly changes = inject(DriveChanges);
  protected readonly headingId = computed(() => `home-drive-${this.drive().id}`);
  protected readonly condition = computed(() => conditionOf(this.drive()));
  protected readonly fill = computed(() => fillOf(this.drive()));
  protected readonly room = computed(() => roomText(this.drive()));
  protected readonly facts = computed(() => factsOf(this.drive(), this.clock.now()));
  protected readonly isScanning = computed(() => this.drive().index.state === 'scanning');
  protected readonly canForget = computed(() => !this.isDefault() && this.drive().ownerId === null);
  protected readonly params = computed(() => (this.isDefault() ? {} : { drive: this.drive().id }));
  /** null where there is nothing to decide. */
  protected readonly since = computed(() => {
    const { attention } = this.drive();
    return attention?.reason !== 'mass_removal'
      ? null
      : `Since ${formatDateTime(new Date(attention.since))}`;
  });

  private readonly clock = inject(Clock);

  /** What was chosen in the menu. */
  protected async choose(act: () => Promise<void>): Promise<void> {
    // Only then is the menu gone, and the keyboard at its button again, which dialogs give it back to.
    await Promise.resolve();
    await act();
  }

  protected readonly scanFully = () => this.changes.scan(this.drive(), 'full');
  protected readonly verify = () => this.changes.verify(this.drive());
  protected readonly edit = () => this.changes.edit(this.drive());
  protected readonly forget = () => this.changes.forget(this.drive());
}
