import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { formatDay, Icon, Tag } from '@homeserver/ui';

import { Clock } from '../../core/clock';
import { contentsOf, sizeText } from '../entries/entry-count';
import { iconOf, isCorrupted, kindInWords } from '../entries/entry-kind';
import { splitName } from '../entries/entry-name';
import { RenameField } from './rename-field';

const TAGS_IN_SIGHT = 2;

/** A row of the list; a skeleton of the same size while its entry is not loaded. */
@Component({
  // A row of the grid above it.
  selector: 'home-file-row',
  imports: [Icon, RenameField, Tag],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './file-row.html',
  styleUrl: './file-row.scss',
  host: {
    role: 'row',
    '[id]': 'rowId()',
    '[attr.aria-rowindex]': 'index() + 2',
    '[attr.aria-selected]': 'isSelected()',
    // What pointers find.
    '[attr.data-index]': 'index()',
    '[attr.data-id]': 'file()?.id',
    '[class.is-selected]': 'isSelected()',
    '[class.is-active]': 'isActive()',
    '[class.is-renaming]': 'isRenaming()',
    '[class.is-corrupted]': 'isCorrupted()',
    '[class.is-cut]': 'isCut()',
    '[class.is-drop]': 'isDropTarget()',
    '[attr.draggable]': 'file() !== null && !isRenaming()',
    '[style.transform]': "'translateY(' + top() + 'px)'",
  },
})
export class FileRow {
  readonly file = input.required<FileMetadata | null>();
  readonly tags = input.required<readonly string[]>();
  /** In the list, from 0. */
  readonly index = input.required<number>();
  /** In pixels, inside what scrolls. */
  readonly top = input.required<number>();
  readonly isSelected = input(false);
  /** Whether the keyboard is here. */
  readonly isActive = input(false);
  readonly isRenaming = input(false);
  /** It goes away from here when it is put down elsewhere. */
  readonly isCut = input(false);
  /** It would take what is dragged over it. */
  readonly isDropTarget = input(false);

  /** `true` when the keyboard is still in the field, which is about to go. */
  readonly renamed = output<boolean>();

  protected readonly rowId = computed(() => rowIdOf(this.index()));
  protected readonly icon = computed(() => iconOf(this.file() ?? UNKNOWN));
  protected readonly isCorrupted = computed(() => isCorrupted(this.file() ?? UNKNOWN));
  protected readonly name = computed(() => splitName(this.file()?.filename ?? ''));
  protected readonly shownTags = computed(() => this.tags().slice(0, TAGS_IN_SIGHT));
  protected readonly hiddenTags = computed(() => this.tags().slice(TAGS_IN_SIGHT));
  protected readonly size = computed(() => {
    const file = this.file();
    return file === null ? '' : sizeText(file);
  });
  /** All that is to be read in the cell: a name that leaves some of it out confuses those who speak to it. */
  protected readonly label = computed(() => {
    const name = this.file()?.filename ?? '';
    const about = this.about();
    return about === '' ? name : `${name} ${about}`;
  });
  /** What a folder holds, where a link points to, or what is wrong with a file. */
  protected readonly about = computed(() => {
    const file = this.file();
    if (this.isCorrupted()) return 'corrupted';
    if (file?.nature === 'link') return `→ ${file.linkTarget ?? ''}`;
    if (file?.kind !== 'folder') return '';
    return file.nature === 'plain' ? contentsOf(file) : kindInWords(file);
  });
  protected readonly changed = computed(() => {
    const file = this.file();
    return file === null ? '' : formatDay(new Date(file.modifiedAt), this.clock.now());
  });

  private readonly clock = inject(Clock);
}

const UNKNOWN = { kind: 'file', contentType: null, corruptedAt: null } as const;

/** The id of the element, which the grid names as the one where the keyboard is. */
export function rowIdOf(index: number): string {
  return `home-file-row-${index}`;
}
