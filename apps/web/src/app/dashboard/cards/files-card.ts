import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { StorageMetrics } from '@homeserver/dto';
import { Button, bytesText, countOf, formatBytes, formatCount, Icon } from '@homeserver/ui';

import { UploadLauncher } from '../../core/upload-launcher';

/** What HomeServer keeps, and on which drives. */
@Component({
  selector: 'home-files-card',
  imports: [Button, Icon, RouterLink],
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
      held: `${countOf(drive.fileCount, 'file')}, ${bytesText(drive.usedBytes)}`,
      free: drive.freeBytes === null ? '' : `${bytesText(drive.freeBytes)} free`,
    })),
  );
}
