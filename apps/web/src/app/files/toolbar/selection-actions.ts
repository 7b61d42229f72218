import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { Button, formatCount, Icon } from '@homeserver/ui';

import { BulkWork } from '../actions/bulk-work';
import { SelectionStore } from '../list/selection-store';

/** What can be done with the selection; while it is being done, how far it has come. */
@Component({
  selector: 'home-selection-actions',
  imports: [Button, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './selection-actions.html',
  styleUrl: './selection-actions.scss',
})
export class SelectionActions {
  /** Whether the details of a single entry are beside the list already. */
  readonly hasPane = input.required<boolean>();

  readonly detailsAsked = output();
  readonly downloadAsked = output();
  readonly renameAsked = output();
  readonly tagsAsked = output();
  readonly deleteAsked = output();
  readonly cleared = output();

  protected readonly selection = inject(SelectionStore);
  protected readonly work = inject(BulkWork);
  protected readonly count = computed(() => formatCount(this.selection.count()));
  protected readonly progress = computed(() => {
    const progress = this.work.progress();
    if (progress === null) return null;
    const { verb, finished, total } = progress;
    return `${verb} ${formatCount(finished)} of ${formatCount(total)}`;
  });
}
