import { DIALOG_DATA, DialogRef } from '@angular/cdk/dialog';
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Button, formatCount } from '@homeserver/ui';

import { DialogFrame } from '../../core/dialog/dialog-frame';
import type { Dialogs } from '../../core/dialog/dialogs';
import { AskDialog, type Question } from '../../core/sections/ask-dialog';
import { contentsOf, countOfEntries, totalSizeText } from '../entries/entry-count';

const NAMES_IN_SIGHT = 6;

/** What is asked once more before something is deleted for good. */
export function lastQuestion(what: 'it' | 'them'): Question {
  return {
    heading: 'Really for good?',
    text: `This is the last question: HomeServer keeps no copy, and nobody can bring ${what} back.`,
    consent: 'Yes, for good',
  };
}

/** Twice, for there is no way back. @returns whether both answers were yes */
export async function askTwice(dialogs: Dialogs, files: readonly FileMetadata[]): Promise<boolean> {
  if ((await dialogs.ask<boolean>(DeleteDialog, files)) !== true) return false;
  const question = lastQuestion(files.length === 1 ? 'it' : 'them');
  return (await dialogs.ask<boolean>(AskDialog, question)) === true;
}

/** Asks before entries are deleted for good. Closed with true when they are to be. */
@Component({
  selector: 'home-delete-dialog',
  imports: [Button, DialogFrame],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <home-dialog-frame [heading]="heading">
      <p>{{ warning }}</p>
      @if (files.length > 1) {
        <ul>
          @for (file of shown; track file.id) {
            <li>{{ file.filename }}</li>
          }
          @if (hiddenCount > 0) {
            <li class="more">and {{ formatCount(hiddenCount) }} more</li>
          }
        </ul>
      }
      <ng-container actions>
        <button homeButton type="button" data-first-focus (click)="dialog.close(false)">
          Cancel
        </button>
        <button homeButton look="danger" type="button" (click)="dialog.close(true)">
          {{ consent }}
        </button>
      </ng-container>
    </home-dialog-frame>
  `,
  styles: `
    p {
      color: var(--muted);
    }

    ul {
      margin: 12px 0 0;
      padding: 10px 14px;
      border-radius: var(--radius-control);
      background: var(--raised);
      list-style: none;
    }

    li {
      overflow: hidden;
      text-overflow: ellipsis;
      white-space: nowrap;
      line-height: 24px;
    }

    .more {
      color: var(--muted);
    }
  `,
})
export class DeleteDialog {
  protected readonly dialog = inject<DialogRef<boolean>>(DialogRef);
  protected readonly files = inject<readonly FileMetadata[]>(DIALOG_DATA);
  protected readonly heading =
    this.files.length === 1
      ? `Delete “${this.files[0]?.filename ?? ''}” for good?`
      : `Delete ${countOfEntries(this.files)} for good?`;
  protected readonly consent =
    this.files.length === 1 ? 'Delete' : `Delete ${countOfEntries(this.files)}`;
  protected readonly warning = warningFor(this.files);
  protected readonly shown = this.files.slice(0, NAMES_IN_SIGHT);
  protected readonly formatCount = formatCount;
  protected readonly hiddenCount = this.files.length - this.shown.length;
}

function warningFor(files: readonly FileMetadata[]): string {
  const size = totalSizeText(files);
  const [only] = files;
  if (files.length > 1)
    return `Not even the trash keeps them: ${nounOf(files)} (${size}) cannot be brought back.`;
  if (only?.kind === 'folder' && only.nature === 'plain')
    return `Not even the trash keeps it: the folder and all that is in it (${contentsOf(only)}, ${size}) cannot be brought back.`;
  if (only?.nature === 'link') return 'Only the link is deleted. What it points to stays as it is.';
  return `Not even the trash keeps it: the file (${size}) cannot be brought back.`;
}

function nounOf(files: readonly FileMetadata[]): string {
  return files.some(({ kind }) => kind === 'folder')
    ? 'these, and all that is in the folders'
    : 'these files';
}
