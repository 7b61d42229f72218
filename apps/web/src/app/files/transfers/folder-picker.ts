import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  computed,
  inject,
  signal,
  viewChild,
} from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Button } from '@homeserver/ui';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import { refusalOf } from '../../core/drives/drive-words';
import { DrivesStore } from '../../core/drives-store';
import { countOfEntries } from '../entries/entry-count';
import type { FolderPlace } from '../files-api';
import { FolderStore } from '../listing/folder-store';
import { FolderTree } from '../tree/folder-tree';
import { FolderTreeStore } from '../tree/folder-tree-store';

/** What is to be moved or copied. */
export interface PickerTask {
  readonly verb: 'Move' | 'Copy';
  readonly files: readonly FileMetadata[];
}

/** Asks for a folder on any drive that may be changed. Closed with the `FolderPlace`. */
@Component({
  selector: 'home-folder-picker',
  imports: [Button, DialogFrame, FolderTree],
  providers: [FolderTreeStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-dialog-frame [heading]="heading">
      <home-folder-tree
        label="Folders"
        [currentId]="place()?.folderId ?? null"
        (chosen)="place.set($event)"
      />
      <p role="status">{{ note() }}</p>
      <ng-container actions>
        <button homeButton type="button" (click)="dialog.close()">Cancel</button>
        <button
          homeButton
          look="primary"
          type="button"
          [attr.aria-disabled]="fault() !== null"
          (click)="choose()"
        >
          {{ task.verb }} here
        </button>
      </ng-container>
    </home-dialog-frame>
  `,
  styles: `
    home-folder-tree {
      height: min(380px, 50dvh);
      border: 1px solid var(--line);
      border-radius: var(--radius-button);
      background: var(--surface);
    }

    p {
      min-height: 20px;
      margin-top: 10px;
      color: var(--muted);
      font-size: 12.5px;
      overflow-wrap: anywhere;
    }
  `,
})
export class FolderPicker {
  protected readonly dialog = inject<DialogRef<FolderPlace>>(DialogRef);
  protected readonly task = inject<PickerTask>(DIALOG_DATA);
  protected readonly heading = headingOf(this.task);
  protected readonly place = signal<FolderPlace | null>(null);
  /** Why the folder will not do; null when it will. */
  protected readonly fault = computed(() => faultOf(this.task, this.place()));
  protected readonly note = computed(() => this.fault() ?? `To “${this.place()?.name ?? ''}”.`);

  private readonly tree = viewChild.required(FolderTree);
  private readonly store = inject(FolderTreeStore);

  constructor() {
    const drives = inject(DrivesStore).drives() ?? [];
    const roots = drives
      .filter((drive) => refusalOf(drive) === null)
      .map(({ id, rootFolderId, name }) => ({ driveId: id, folderId: rootFolderId, name }));
    this.store.setRoots(roots);
    // From where they are: what is wanted is mostly near.
    for (const { id } of inject(FolderStore).crumbs()) this.store.expand(id);
    afterNextRender(() => this.tree().focus());
  }

  protected choose(): void {
    const place = this.place();
    if (place !== null && this.fault() === null) this.dialog.close(place);
  }
}

function headingOf({ verb, files }: PickerTask): string {
  const [only] = files;
  const what = files.length === 1 ? `“${only?.filename ?? ''}”` : countOfEntries(files);
  return `${verb} ${what} to`;
}

function faultOf({ verb, files }: PickerTask, place: FolderPlace | null): string | null {
  if (place === null) return 'Choose a folder.';
  const itself = files.find(({ id }) => id === place.folderId);
  if (itself !== undefined) return `“${itself.filename}” cannot go into itself.`;
  const isThere = files.every(({ parentId }) => parentId === place.folderId);
  return verb === 'Move' && isThere ? 'It is there already.' : null;
}
