import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { Button, formatCount, Icon } from '@homeserver/ui';

import { BulkWork } from '../actions/bulk-work';
import { canBeDownloaded } from '../entries/entry-nature';
import { SelectionStore } from '../list/selection-store';
import { DriveCondition } from '../listing/drive-condition';
import { ClipboardCommands } from '../transfers/clipboard-commands';

/** What can be done with the selection; while it is being done, how far it has come. */
@Component({
  selector: 'home-selection-actions',
  imports: [Button, CdkMenu, CdkMenuItem, CdkMenuTrigger, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './selection-actions.html',
  styleUrls: ['./selection-actions.scss', '../../core/sections/menu.scss'],
})
export class SelectionActions {
  /** Whether the details of a single entry are beside the list already. */
  readonly hasPane = input.required<boolean>();

  readonly detailsAsked = output();
  readonly downloadAsked = output();
  readonly renameAsked = output();
  readonly tagsAsked = output();
  readonly moveAsked = output();
  readonly copyAsked = output();
  readonly deleteAsked = output();
  readonly cleared = output();

  protected readonly selection = inject(SelectionStore);
  protected readonly work = inject(BulkWork);
  protected readonly clipboard = inject(ClipboardCommands);
  protected readonly condition = inject(DriveCondition);
  protected readonly canDownload = computed(() => this.selection.files().some(canBeDownloaded));
  protected readonly count = computed(() => formatCount(this.selection.count()));
  protected readonly progress = computed(() => {
    const progress = this.work.progress();
    if (progress === null) return null;
    const { verb, finished, total } = progress;
    return `${verb} ${formatCount(finished)} of ${formatCount(total)}`;
  });

  protected readonly move = () => this.moveAsked.emit();
  protected readonly copy = () => this.copyAsked.emit();

  /** What was chosen in the menu. */
  protected async choose(act: () => void): Promise<void> {
    // Only then is the menu gone, and the keyboard at its button again, which dialogs give it back to.
    await Promise.resolve();
    act();
  }
}
