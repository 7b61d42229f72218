import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import type { FileSort } from '@homeserver/dto';
import { Icon } from '@homeserver/ui';

import { FilesNavigation } from '../listing/files-navigation';

interface Column {
  readonly id: 'name' | 'tags' | 'size' | 'changed';
  readonly label: string;
  /** null where there is no order. */
  readonly sort: FileSort | null;
}

const COLUMNS: readonly Column[] = [
  { id: 'name', label: 'Name', sort: 'name' },
  { id: 'tags', label: 'Tags', sort: null },
  { id: 'size', label: 'Size', sort: 'size' },
  { id: 'changed', label: 'Changed', sort: 'modifiedAt' },
];

/** The head of the list: what its columns are, and what it is sorted by. */
@Component({
  selector: 'home-list-head',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @for (column of columns(); track column.id) {
      <span role="columnheader" [class]="column.id" [attr.aria-sort]="column.order">
        @if (column.sort; as sort) {
          <button type="button" [class.is-sorted]="column.order !== 'none'" (click)="sortBy(sort)">
            {{ column.label }}
            <home-icon
              [name]="column.order === 'descending' ? 'arrowDown' : 'arrowUp'"
              [size]="14"
            />
          </button>
        } @else {
          {{ column.label }}
        }
      </span>
    }
  `,
  styleUrl: './list-head.scss',
  host: { role: 'row', 'aria-rowindex': '1' },
})
export class ListHead {
  protected readonly columns = computed(() => {
    const { sort, order } = this.navigation.view();
    const direction = order === 'asc' ? 'ascending' : 'descending';
    return COLUMNS.map((column) => ({
      ...column,
      order: column.sort === null ? null : column.sort === sort ? direction : 'none',
    }));
  });

  private readonly navigation = inject(FilesNavigation);

  protected sortBy(sort: FileSort): void {
    this.navigation.sortBy(sort);
  }
}
