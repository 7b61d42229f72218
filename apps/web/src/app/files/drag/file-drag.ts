import { computed, DOCUMENT, inject, Injectable, signal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';

import { countOfEntries } from '../entries/entry-count';
import type { FolderPlace } from '../files-api';
import { FileTransfers } from '../transfers/file-transfers';

/** Other programs see that something is dragged, and not what. */
const TYPE = 'application/x-homeserver-entries';

/** Entries that are dragged within the page, onto a folder: moved, or copied with Ctrl or Option held. */
@Injectable()
export class FileDrag {
  /** The folder under the pointer that would take them; null when none would. */
  readonly overId = computed(() => this.over());
  readonly isDragging = computed(() => this.dragged().length > 0);

  private readonly dragged = signal<readonly FileMetadata[]>([]);
  private readonly over = signal<string | null>(null);
  private readonly transfers = inject(FileTransfers);
  private readonly document = inject(DOCUMENT);

  begin(event: DragEvent, files: readonly FileMetadata[]): void {
    const { dataTransfer } = event;
    if (dataTransfer === null || files.length === 0) return;
    this.dragged.set(files);
    dataTransfer.effectAllowed = 'copyMove';
    dataTransfer.setData(TYPE, '');
    this.drawImage(dataTransfer, files);
  }

  end(): void {
    this.dragged.set([]);
    this.over.set(null);
  }

  /** @returns whether the folder takes what is dragged */
  hover(event: DragEvent, place: FolderPlace): boolean {
    if (!this.canTake(place)) return false;
    event.preventDefault();
    if (event.dataTransfer !== null)
      event.dataTransfer.dropEffect = isCopying(event) ? 'copy' : 'move';
    this.over.set(place.folderId);
    return true;
  }

  leave(): void {
    this.over.set(null);
  }

  drop(event: DragEvent, place: FolderPlace): void {
    const files = this.dragged();
    if (!this.canTake(place)) return;
    event.preventDefault();
    this.end();
    if (isCopying(event)) void this.transfers.copy(files, place);
    else void this.transfers.move(files, place);
  }

  private canTake({ folderId }: FolderPlace): boolean {
    const files = this.dragged();
    return (
      files.length > 0 &&
      !files.some(({ id, parentId }) => id === folderId || parentId === folderId)
    );
  }

  /** How much is under way; the browser would show the row as it is. */
  private drawImage(dataTransfer: DataTransfer, files: readonly FileMetadata[]): void {
    const image = this.document.createElement('div');
    image.className = 'home-dragged';
    image.textContent = files.length === 1 ? (files[0]?.filename ?? '') : countOfEntries(files);
    this.document.body.append(image);
    dataTransfer.setDragImage(image, -12, -8);
    setTimeout(() => image.remove());
  }
}

function isCopying({ ctrlKey, altKey }: DragEvent): boolean {
  return ctrlKey || altKey;
}
