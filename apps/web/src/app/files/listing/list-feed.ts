import { computed, DestroyRef, inject, Injectable } from '@angular/core';
import { takeUntilDestroyed, toObservable } from '@angular/core/rxjs-interop';
import type { FileDetails } from '@homeserver/dto';
import { auditTime, filter, fromEvent, interval, map, merge } from 'rxjs';

import { DrivesStore } from '../../core/drives-store';
import { UploadQueue } from '../uploads/upload-queue';
import { UploadTagging } from '../uploads/upload-tagging';
import { FileEvents } from './file-events';
import { FileListStore } from './file-list-store';
import { FilesNavigation } from './files-navigation';
import { isFiltered } from './files-view';
import { FolderSizes } from './folder-sizes';
import { FolderStore } from './folder-store';
import type { FileChange, ListScope } from './list-changes';
import { TagStore } from './tag-store';

/** How often the list is asked for anew while the server cannot tell of changes by itself. */
const WITHOUT_SOCKET_EVERY_MS = 30_000;
const COUNTS_AFTER_MS = 1500;
const UNHEARD_AFTER_MS = 1000;

/** Keeps the list at what the address asks for and at what happens to the files. */
@Injectable()
export class ListFeed {
  /** The drive whose files are shown: that of the address, else the default one; null until it is known. */
  readonly drive = computed(() => {
    const drives = this.drives.drives() ?? [];
    // A drive that somebody may no longer see is as one that never was.
    return drives.find(({ id }) => id === this.navigation.driveId()) ?? drives[0] ?? null;
  });
  readonly scope = computed<ListScope | null>(() => {
    const driveId = this.driveId();
    const folderId = this.folderId();
    const path = this.path();
    if (driveId === null || folderId === null || path === null) return null;
    return { driveId, folderId, path, view: this.navigation.view() };
  });
  /** Whether the open folder is the root of its drive. */
  readonly isRoot = computed(() => this.folderId() === this.rootId());
  /** Whether changes come by themselves. */
  readonly isLive = computed(() => this.events.state() !== 'lost');

  private readonly drives = inject(DrivesStore);
  private readonly navigation = inject(FilesNavigation);
  private readonly list = inject(FileListStore);
  private readonly folder = inject(FolderStore);
  private readonly sizes = inject(FolderSizes);
  private readonly tags = inject(TagStore);
  private readonly events = inject(FileEvents);
  // The drive's figures move on; the list is asked for anew only when it is another drive.
  private readonly driveId = computed(() => this.drive()?.id ?? null);
  private readonly rootId = computed(() => this.drive()?.rootFolderId ?? null);
  private readonly folderId = computed(() => this.navigation.folderId() ?? this.rootId());
  /** What lies below the folder begins so: that counts only where what is below is shown, too. */
  private readonly path = computed(() => {
    if (this.isRoot() || !isFiltered(this.navigation.view())) return '';
    return this.folder.details()?.storagePath ?? null;
  });
  private countsTimer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    toObservable(this.folderId)
      .pipe(filter((id) => id !== null))
      .subscribe((id) => this.folder.show(id));
    toObservable(this.folder.details).subscribe((details) => this.followTo(details));
    toObservable(this.scope)
      .pipe(filter((scope) => scope !== null))
      .subscribe((scope) => this.list.show(scope));
    const own = inject(UploadTagging).changed.pipe(
      map((file): FileChange => ({ kind: 'present', file })),
    );
    // Else what arrives is told by its event.
    const unheard = inject(UploadQueue).arrivals.pipe(
      filter(() => !this.isLive()),
      auditTime(UNHEARD_AFTER_MS),
    );
    merge(this.events.changes, own)
      .pipe(takeUntilDestroyed())
      .subscribe((change) => this.take(change));
    this.events.driveChanges.pipe(takeUntilDestroyed()).subscribe(() => void this.drives.load());
    merge(this.events.gaps, unheard, this.timesToLook(), this.returns())
      .pipe(takeUntilDestroyed())
      .subscribe(() => this.reload());
    inject(DestroyRef).onDestroy(() => {
      if (this.countsTimer !== null) clearTimeout(this.countsTimer);
    });
  }

  /** The folder was moved to another drive while its address was kept. */
  private followTo(details: FileDetails | null): void {
    const driveId = this.driveId();
    if (details === null || driveId === null || details.driveId === driveId) return;
    this.navigation.openFolder({ drive: details.driveId, folder: details.id });
  }

  private take(change: FileChange): void {
    this.list.noteChanges([change]);
    this.folder.take(change);
    this.sizes.take(change);
    this.tags.refreshSoon();
    this.countsTimer ??= setTimeout(() => {
      this.countsTimer = null;
      void this.drives.load();
    }, COUNTS_AFTER_MS);
  }

  private reload(): void {
    if (this.drive() === null) void this.drives.load();
    this.folder.reload();
    this.list.reload();
  }

  /** The server is there again, and something did not come while it was away. */
  private returns() {
    const isMissed = () =>
      this.list.problem() !== null || this.list.restProblem() !== null || this.drive() === null;
    return toObservable(this.events.state).pipe(filter((state) => state === 'open' && isMissed()));
  }

  private timesToLook() {
    const again = fromEvent(document, 'visibilitychange');
    return merge(interval(WITHOUT_SOCKET_EVERY_MS), again).pipe(
      filter(() => !this.isLive() && document.visibilityState === 'visible'),
    );
  }
}
