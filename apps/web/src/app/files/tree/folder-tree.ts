import {
  afterRenderEffect,
  ChangeDetectionStrategy,
  Component,
  computed,
  type ElementRef,
  inject,
  input,
  linkedSignal,
  output,
  viewChild,
} from '@angular/core';
import { Icon } from '@homeserver/ui';

import { FolderDrop } from '../drag/folder-drop';
import type { FolderPlace } from '../files-api';
import { FolderTreeStore } from './folder-tree-store';
import type { TreeRow } from './tree-rows';

type FolderRow = Extract<TreeRow, { kind: 'folder' }>;

let nextNumber = 0;

/** Folders to choose from, by the keys of the ARIA tree pattern; branches are loaded when they are opened. */
@Component({
  selector: 'home-folder-tree',
  imports: [FolderDrop, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './folder-tree.html',
  styleUrl: './folder-tree.scss',
})
export class FolderTree {
  readonly label = input.required<string>();
  /** The one that is open, or chosen; null: none. */
  readonly currentId = input.required<string | null>();
  readonly chosen = output<FolderPlace>();

  protected readonly prefix = `home-tree-${(nextNumber += 1)}`;
  protected readonly store = inject(FolderTreeStore);
  /** Where the keyboard is. */
  protected readonly activeId = linkedSignal(() => this.currentId());
  protected readonly activeKey = computed(() => {
    const id = this.activeId();
    const isShown = this.folders().some(({ place }) => place.folderId === id);
    return isShown ? `${this.prefix}-${id}` : null;
  });

  private readonly tree = viewChild.required<ElementRef<HTMLElement>>('tree');
  private readonly folders = computed(() =>
    this.store.rows().filter((row): row is FolderRow => row.kind === 'folder'),
  );

  constructor() {
    afterRenderEffect({ read: () => this.reveal(this.activeKey()) });
  }

  focus(): void {
    this.tree().nativeElement.focus();
  }

  protected handleKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const folders = this.folders();
    const index = folders.findIndex(({ place }) => place.folderId === this.activeId());
    const row = folders[index] ?? folders[0];
    if (row === undefined || !this.act(event.key, row, index)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  protected handleClick({ target }: Event, row: FolderRow): void {
    const isTwist = target instanceof Element && target.closest('.twist') !== null;
    if (isTwist && row.canOpen) this.toggle(row);
    else this.press(row);
  }

  private press(row: FolderRow): void {
    this.activeId.set(row.place.folderId);
    this.chosen.emit(row.place);
  }

  private toggle({ isOpen, place }: FolderRow): void {
    if (isOpen) this.store.collapse(place.folderId);
    else this.store.expand(place.folderId);
  }

  /** @returns whether the key means something here */
  private act(key: string, row: FolderRow, index: number): boolean {
    const folders = this.folders();
    const { folderId } = row.place;
    switch (key) {
      case 'ArrowDown':
        return this.goTo(folders[index + 1]);
      case 'ArrowUp':
        return this.goTo(folders[Math.max(0, index - 1)]);
      case 'Home':
        return this.goTo(folders[0]);
      case 'End':
        return this.goTo(folders.at(-1));
      case 'ArrowRight':
        if (row.isOpen) return this.goTo(folders[index + 1]);
        if (row.canOpen) this.store.expand(folderId);
        return true;
      case 'ArrowLeft':
        if (row.isOpen) this.store.collapse(folderId);
        else if (row.parentId !== null) this.activeId.set(row.parentId);
        return true;
      case 'Enter':
      case ' ':
        this.press(row);
        return true;
      default:
        return false;
    }
  }

  private goTo(row: FolderRow | undefined): boolean {
    if (row !== undefined) this.activeId.set(row.place.folderId);
    return true;
  }

  private reveal(key: string | null): void {
    if (key === null) return;
    const element = this.tree().nativeElement.querySelector(`#${CSS.escape(key)}`);
    element?.scrollIntoView({ block: 'nearest' });
  }
}
