import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { bytesText, countOf, formatCount, Icon, Tag } from '@homeserver/ui';

import { SelectionStore } from '../list/selection-store';
import { ListFeed } from '../listing/list-feed';
import { sharedTags } from '../tags/tag-edits';
import { FileDetails } from './file-details';

const TAGS_IN_SIGHT = 12;
const KEYS = [
  { keys: ['↑', '↓'], words: 'walk through the list' },
  { keys: ['Enter'], words: 'download' },
  { keys: ['F2'], words: 'rename' },
  { keys: ['Del'], words: 'delete' },
  { keys: ['Ctrl', 'A'], words: 'select all' },
  { keys: ['/'], words: 'filter by name' },
] as const;

/** Beside the list on a desk: the entry that is selected, or how much is, or the drive. */
@Component({
  selector: 'home-details-pane',
  imports: [FileDetails, Icon, Tag],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './details-pane.html',
  styleUrl: './details-pane.scss',
  host: { role: 'complementary', 'aria-label': 'Details' },
})
export class DetailsPane {
  readonly renameAsked = output();
  readonly deleteAsked = output();

  protected readonly selection = inject(SelectionStore);
  protected readonly keys = KEYS;
  protected readonly formatCount = formatCount;
  protected readonly together = computed(() => {
    const files = this.selection.files();
    const size = files.reduce((sum, file) => sum + file.size, 0);
    const tags = sharedTags(files).slice(0, TAGS_IN_SIGHT);
    return { count: countOf(this.selection.count(), 'file'), size: bytesText(size), tags };
  });
  protected readonly drive = inject(ListFeed).drive;
  protected readonly driveFacts = computed(() => {
    const drive = this.drive();
    if (drive === null) return [];
    const free = drive.freeBytes;
    return [
      { label: 'Holds', value: countOf(drive.entryCount, 'file') },
      { label: 'Used', value: bytesText(drive.usedBytes) },
      ...(free === null ? [] : [{ label: 'Free', value: bytesText(free) }]),
    ];
  });
}
