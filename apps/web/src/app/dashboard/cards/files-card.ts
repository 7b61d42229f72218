import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { StorageMetrics } from '@homeserver/dto';
import {
  Button,
  bytesText,
  countOf,
  formatBytes,
  formatCount,
  Icon,
  ProgressBar,
} from '@homeserver/ui';

import { UploadLauncher } from '../../core/upload-launcher';

/** What HomeServer keeps, and on which drives. */
@Component({
  selector: 'home-files-card',
  imports: [Button, Icon, ProgressBar, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './files-card.html',
  styleUrl: './files-card.scss',
  host: { class: 'card' },
})
export class FilesCard {
  /** null while it is not known. */
  readonly storage = input.required<StorageMetrics | null>();

  protected readonly launcher = inject(UploadLauncher, { optional: true });
  protected readonly totals = computed(() => {
    const storage = this.storage();
    if (storage === null) return null;
    return {
      count: formatCount(storage.fileCount),
      noun: `${storage.fileCount === 1 ? 'file' : 'files'} on ${countOf(storage.drives.length, 'drive')}`,
      size: formatBytes(storage.totalBytes),
      isEmpty: storage.fileCount === 0,
    };
  });
  protected readonly drives = computed(() =>
    (this.storage()?.drives ?? []).map((drive) => ({
      id: drive.driveId,
      name: drive.name,
      text: [
        bytesText(drive.usedBytes),
        ...(drive.freeBytes === null ? [] : [`${bytesText(drive.freeBytes)} free`]),
      ].join(', '),
      // Of the room that is there for files: what else lies on the disk is told by the disks.
      share: drive.freeBytes === null ? null : shareOf(drive.usedBytes, drive.freeBytes),
    })),
  );
}

function shareOf(usedBytes: number, freeBytes: number): number {
  const room = usedBytes + freeBytes;
  return room === 0 ? 1 : usedBytes / room;
}
