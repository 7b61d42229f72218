import { computed, DestroyRef, inject, Injectable, linkedSignal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { type Departure, FileListStore } from '../listing/file-list-store';
import { filterKey } from '../listing/list-changes';
import { Selection } from './selection';

/** What is selected on the files page, and where its keyboard is. */
@Injectable()
export class SelectionStore {
  readonly count = computed(() => this.selection().size);
  readonly ids = computed(() => this.selection().ids);
  readonly activeId = computed(() => this.selection().activeId);
  /** Where the keyboard is in the list; -1 when that row is not loaded. */
  readonly activeIndex = computed(() => this.list.indexOf(this.selection().activeId));
  /** In the order of the list. */
  readonly files = computed(() => this.selectedFiles());
  /** The one that is selected; null when none or several are. */
  readonly single = computed(() => (this.count() === 1 ? (this.files()[0] ?? null) : null));

  private readonly list = inject(FileListStore);
  /** Another order keeps it; another folder or filter begins anew. */
  private readonly selection = linkedSignal({
    source: computed(() => filterKey(this.list.scope())),
    computation: () => Selection.none,
  });

  constructor() {
    const departures = this.list.departures.subscribe((departure) => this.release(departure));
    inject(DestroyRef).onDestroy(() => departures.unsubscribe());
  }

  has(id: string): boolean {
    return this.selection().ids.has(id);
  }

  only(id: string): void {
    this.selection.update((selection) => selection.only(id));
  }

  toggle(id: string): void {
    this.selection.update((selection) => selection.toggled(id));
  }

  moveTo(id: string): void {
    this.selection.update((selection) => selection.movedTo(id));
  }

  /** Everything between the anchor and this row, which must be loaded, in place of what was selected. */
  extendTo(index: number, id: string): void {
    const range = this.rangeTo(index);
    this.selection.update((selection) => selection.ranged(range, id));
  }

  /** The same in addition to what is selected. */
  extendTooTo(index: number, id: string): void {
    const range = this.rangeTo(index);
    this.selection.update((selection) => selection.rangedToo(range, id));
  }

  selectAllLoaded(): void {
    const ids = this.list.rows().map((row) => row.id);
    this.selection.update((selection) => selection.all(ids));
  }

  clear(): void {
    this.selection.update((selection) => selection.cleared());
  }

  private rangeTo(index: number): string[] {
    const anchor = this.list.indexOf(this.selection().anchorId);
    const start = anchor === -1 ? index : anchor;
    const rows = this.list.rows().slice(Math.min(start, index), Math.max(start, index) + 1);
    return rows.map((row) => row.id);
  }

  private selectedFiles(): readonly FileMetadata[] {
    const { ids } = this.selection();
    if (ids.size === 0) return [];
    const loaded = this.list.rows().filter((row) => ids.has(row.id));
    if (loaded.length === ids.size) return loaded;
    // After another sorting, rows that are selected may not be loaded yet.
    return [...ids].flatMap((id) => this.list.entry(id) ?? []);
  }

  private release({ ids, rowsBefore, rowsAfter }: Departure): void {
    const { activeId } = this.selection();
    const index = rowsBefore.findIndex((row) => row.id === activeId);
    const next = rowsBefore.slice(index + 1).find((row) => !ids.has(row.id));
    const heir = index === -1 ? undefined : (next ?? rowsAfter.at(-1));
    this.selection.update((selection) => selection.without(ids, heir?.id ?? null));
  }
}
