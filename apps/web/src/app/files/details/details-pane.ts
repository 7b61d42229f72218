import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { bytesText, countOf, formatCount, Icon, Tag } from '@homeserver/ui';

import { contentsOf, countOfEntries, totalSizeText } from '../entries/entry-count';
import { SelectionStore } from '../list/selection-store';
import { FolderStore } from '../listing/folder-store';
import { ListFeed } from '../listing/list-feed';
import { sharedTags } from '../tags/tag-edits';
import { FileDetails } from './file-details';

const TAGS_IN_SIGHT = 12;
const KEYS = [
  { keys: ['↑', '↓'], words: 'walk through the list' },
  { keys: ['Enter'], words: 'open, download' },
  { keys: ['⌫'], words: 'to the folder above' },
  { keys: ['⇧', 'N'], words: 'new folder' },
  { keys: ['F2'], words: 'rename' },
  { keys: ['Del'], words: 'to the trash' },
  { keys: ['⇧', 'Del'], words: 'delete for good' },
  { keys: ['Ctrl', 'X'], words: 'cut, Ctrl C copies' },
  { keys: ['Ctrl', 'V'], words: 'put down here' },
  { keys: ['Ctrl', 'A'], words: 'select all' },
  { keys: ['Ctrl', 'Z'], words: 'undo, one after the other' },
  { keys: ['/'], words: 'filter by name' },
] as const;

/** Beside the list on a desk: the entry that is selected, or how much is, or the drive. */
@Component({
  selector: 'home-details-pane',
  imports: [FileDetails, Icon, Tag],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './details-pane.html',
  styleUrl: './details-pane.scss',
  host: {
    role: 'complementary',
    'aria-label': 'Details',
    // Where there is nothing in it to go to, it can be scrolled by keyboard all the same.
    '[attr.tabindex]': 'selection.single() === null ? 0 : null',
  },
})
export class DetailsPane {
  readonly renameAsked = output();
  readonly deleteAsked = output();

  private readonly folder = inject(FolderStore);
  protected readonly selection = inject(SelectionStore);
  protected readonly keys = KEYS;
  protected readonly formatCount = formatCount;
  protected readonly together = computed(() => {
    const files = this.selection.files();
    const tags = sharedTags(files).slice(0, TAGS_IN_SIGHT);
    return { count: countOfEntries(files), size: totalSizeText(files), tags };
  });
  private readonly feed = inject(ListFeed);
  protected readonly drive = this.feed.drive;
  /** The open folder; null where it is the root, or not known yet. */
  protected readonly openFolder = computed(() =>
    this.feed.isRoot() ? null : this.folder.details(),
  );
  protected readonly folderFacts = computed(() => {
    const folder = this.openFolder();
    if (folder === null) return [];
    return [
      { label: 'Holds', value: contentsOf(folder) },
      { label: 'Size', value: bytesText(folder.size) },
    ];
  });
  protected readonly driveFacts = computed(() => {
    const drive = this.drive();
    if (drive === null) return [];
    const free = drive.freeBytes;
    return [
      { label: 'Holds', value: countOf(drive.entryCount, 'entry', 'entries') },
      { label: 'Used', value: bytesText(drive.usedBytes) },
      ...(free === null ? [] : [{ label: 'Free', value: bytesText(free) }]),
    ];
  });
}
