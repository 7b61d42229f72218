import { ChangeDetectionStrategy, Component, computed, inject, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Button, Icon } from '@homeserver/ui';

import { DriveCondition } from '../listing/drive-condition';
import { FilesNavigation } from '../listing/files-navigation';
import { FolderUploads } from '../uploads/folder-uploads';
import { TreeChoice } from '../tree/tree-choice';

/** What can be done with the open folder itself. */
@Component({
  selector: 'home-folder-tools',
  imports: [Button, Icon, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (tree.hasRoom()) {
      <button
        homeButton
        type="button"
        aria-label="Folder tree"
        title="Folder tree"
        [iconOnly]="true"
        [attr.aria-pressed]="tree.isShown()"
        (click)="tree.toggle()"
      >
        <home-icon name="tree" />
      </button>
    }
    <a
      homeButton
      routerLink="/files/usage"
      aria-label="What takes the room"
      title="What takes the room"
      [iconOnly]="true"
      [queryParams]="place()"
    >
      <home-icon name="usage" />
    </a>
    <button
      homeButton
      type="button"
      aria-label="Upload a folder"
      [iconOnly]="true"
      [disabled]="condition.refusal() !== null"
      [title]="condition.refusal() ?? 'Upload a folder'"
      (click)="uploads.chooseFolder()"
    >
      <home-icon name="folderUpload" />
    </button>
    <button
      homeButton
      type="button"
      aria-label="New folder"
      [disabled]="condition.refusal() !== null"
      [title]="condition.refusal() ?? 'New folder (Shift+N)'"
      (click)="newFolderAsked.emit()"
    >
      <home-icon name="folderAdd" /><span class="words">New folder</span>
    </button>
  `,
  styles: `
    :host {
      display: flex;
      flex: none;
      gap: 8px;
    }

    [aria-pressed='true'] {
      border-color: transparent;
      background: var(--soft-accent);
      color: var(--accent);
    }

    @media (max-width: 1320px) {
      .words {
        display: none;
      }

      button:last-child {
        width: 50px;
        padding: 0;
      }
    }
  `,
})
export class FolderTools {
  readonly newFolderAsked = output();

  protected readonly condition = inject(DriveCondition);
  protected readonly tree = inject(TreeChoice);
  protected readonly uploads = inject(FolderUploads);
  protected readonly place = computed(() => ({
    drive: this.navigation.driveId(),
    folder: this.navigation.folderId(),
  }));

  private readonly navigation = inject(FilesNavigation);
}
