import { inject, Injectable } from '@angular/core';

import { compareText, foldName } from '../entries/name-order';
import { FileListStore } from '../listing/file-list-store';
import type { ListCommand, SelectionMode, Step } from './list-command';
import { SelectionStore } from './selection-store';
import { findByBeginning, TypedText } from './type-to-find';

/** How far typing a name loads a list that is sorted by something else. */
const LONGEST_SEARCH = 50_000;
const SEARCH_STEP = 1000;

/** The part of the list that is in sight. */
export interface ListViewport {
  /** How many whole rows are in sight. */
  rowsInSight(): number;
  /** Scrolls as little as needed to bring a row into sight, loaded or not. */
  reveal(index: number): void;
}

/** Walks through the list and selects, by keyboard and by pointer, also where rows are not loaded yet. */
@Injectable()
export class ListCommander {
  private readonly list = inject(FileListStore);
  private readonly selection = inject(SelectionStore);
  private readonly typed = new TypedText();
  private viewport: ListViewport | null = null;
  /** Counts the commands: one that had to wait for rows gives way to a later one. */
  private turn = 0;

  attach(viewport: ListViewport): void {
    this.viewport = viewport;
  }

  isTyping(): boolean {
    return this.typed.isTyping(performance.now());
  }

  async run(command: ListCommand): Promise<void> {
    if (command.kind !== 'type') this.typed.forget();
    switch (command.kind) {
      case 'move':
        return this.goTo(this.targetOf(command.step, command.direction), command.mode);
      case 'type':
        return this.find(command.text);
      case 'selectAll':
        return this.selectAll();
      case 'toggle':
        return this.toggleActive();
      case 'clear':
        return this.selection.clear();
      default:
        return undefined;
    }
  }

  /** Brings the keyboard to a row, as keys and clicks do. */
  async goTo(index: number, mode: SelectionMode): Promise<void> {
    if (index < 0 || index >= this.list.total()) return;
    const turn = this.begin();
    this.viewport?.reveal(index);
    if (!(await this.list.loadTo(index + 1)) || turn !== this.turn) return;
    // The list may have turned out shorter than it was said to be.
    const last = Math.min(index, this.list.rows().length - 1);
    const row = this.list.rows()[last];
    if (row === undefined) return;
    this.selectRow(last, row.id, mode);
    this.viewport?.reveal(last);
  }

  /** Into the selection or out of it, as by a click with Ctrl. */
  toggle(id: string): void {
    this.begin();
    this.selection.toggle(id);
  }

  private selectRow(index: number, id: string, mode: SelectionMode): void {
    if (mode === 'select') this.selection.only(id);
    else if (mode === 'extend') this.selection.extendTo(index, id);
    else if (mode === 'extendToo') this.selection.extendTooTo(index, id);
    else this.selection.moveTo(id);
  }

  private targetOf(step: Step, direction: 1 | -1): number {
    const last = this.list.total() - 1;
    if (step === 'edge') return direction === 1 ? last : 0;
    const active = this.selection.activeIndex();
    if (active === -1) return direction === 1 ? 0 : last;
    const distance = step === 'row' ? 1 : Math.max(1, (this.viewport?.rowsInSight() ?? 1) - 1);
    return Math.min(last, Math.max(0, active + direction * distance));
  }

  private toggleActive(): void {
    const id = this.selection.activeId();
    if (id !== null) this.toggle(id);
  }

  private async selectAll(): Promise<void> {
    const turn = this.begin();
    if (!(await this.list.loadTo(Number.POSITIVE_INFINITY)) || turn !== this.turn) return;
    this.selection.selectAllLoaded();
  }

  private async find(character: string): Promise<void> {
    const text = this.typed.add(character, performance.now());
    const turn = this.begin();
    for (;;) {
      const index = findByBeginning(this.list.rows(), text, this.selection.activeIndex());
      if (index !== -1) return this.goTo(index, 'select');
      const loaded = this.list.rows().length;
      if (this.list.isComplete() || loaded >= LONGEST_SEARCH || this.isPast(text)) return undefined;
      if (!(await this.list.loadTo(loaded + SEARCH_STEP)) || turn !== this.turn) return undefined;
    }
  }

  /** Whether a list by name has gone by the place where such a name would stand. */
  private isPast(text: string): boolean {
    const view = this.list.scope()?.view;
    const last = this.list.rows().at(-1);
    if (view?.sort !== 'name' || last === undefined || last.kind === 'folder') return false;
    const order = compareText(foldName(last.filename), foldName(text));
    return view.order === 'asc' ? order > 0 : order < 0;
  }

  private begin(): number {
    this.turn += 1;
    return this.turn;
  }
}
