import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { Icon } from '@homeserver/ui';

import { DrivesStore } from '../../core/drives-store';
import { FilesNavigation } from '../listing/files-navigation';
import { ListFeed } from '../listing/list-feed';

/** Beside the name of the drive that is open: the way to the others, where there are any. */
@Component({
  selector: 'home-drive-switch',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (drives().length > 1) {
      <home-icon name="chevronDown" />
      <select #list aria-label="Drive" (change)="open(list.value)">
        @for (drive of drives(); track drive.id) {
          <option [value]="drive.id" [selected]="drive.id === current()">{{ drive.name }}</option>
        }
      </select>
    }
  `,
  styleUrl: './drive-switch.scss',
})
export class DriveSwitch {
  protected readonly drives = computed(() => this.store.drives() ?? []);
  protected readonly current = computed(() => this.feed.drive()?.id);

  private readonly store = inject(DrivesStore);
  private readonly feed = inject(ListFeed);
  private readonly navigation = inject(FilesNavigation);

  protected open(id: string): void {
    const isDefault = id === this.drives()[0]?.id;
    this.navigation.openDrive(isDefault ? null : id);
  }
}
