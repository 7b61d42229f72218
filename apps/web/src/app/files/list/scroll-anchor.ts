import type { FileMetadata } from '@homeserver/dto';

import type { ListScope } from '../listing/list-changes';

/** How many rows from the first in sight on are remembered: some of them may be deleted together. */
const REMEMBERED = 20;

/** Remembers which rows are in sight, to tell how far they have moved when others come or go. */
export class ScrollAnchor {
  private scope: ListScope | null = null;
  private first = 0;
  private ids: readonly string[] = [];

  hold(rows: readonly FileMetadata[], firstInSight: number): void {
    this.first = firstInSight;
    this.ids = rows.slice(firstInSight, firstInSight + REMEMBERED).map((row) => row.id);
  }

  /** By how many places the rows in sight have moved down; 0 when they are all gone. */
  placesMoved(scope: ListScope | null, rows: readonly FileMetadata[]): number | 'anotherList' {
    if (scope !== this.scope) {
      this.scope = scope;
      return 'anotherList';
    }
    const atPlace = rows[this.first]?.id;
    if (atPlace === undefined || atPlace === this.ids[0]) return 0;
    const indexes = new Map(rows.map((row, index) => [row.id, index]));
    for (const [step, id] of this.ids.entries()) {
      const index = indexes.get(id);
      // What was taken out between the first row and this one did not move it.
      if (index !== undefined) return index - this.first - step + this.missingBefore(step, indexes);
    }
    return 0;
  }

  private missingBefore(step: number, indexes: ReadonlyMap<string, number>): number {
    return this.ids.slice(0, step).filter((id) => !indexes.has(id)).length;
  }
}
