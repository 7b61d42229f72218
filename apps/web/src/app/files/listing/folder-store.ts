import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { FileDetails } from '@homeserver/dto';
import type { Subscription } from 'rxjs';

import { describeProblem } from '../../core/problem';
import { isGone } from '../actions/fresh-files';
import { FilesApi } from '../files-api';
import type { FileChange } from './list-changes';

/** A folder on the way from the root of a drive to the one that is open. */
export interface Crumb {
  readonly id: string;
  readonly name: string;
}

/** What a folder holds changes with every file below it: bursts are counted once. */
const RECOUNT_AFTER_MS = 1500;

/** The folder that is open: where it lies and what it holds, kept at what happens to it. */
@Injectable()
export class FolderStore {
  readonly id = computed(() => this.askedId());
  /** null until it is known. */
  readonly details = computed(() => {
    const details = this.known();
    return details?.id === this.askedId() ? details : null;
  });
  /** The root first, the open folder last; empty until they are known. */
  readonly crumbs = computed<readonly Crumb[]>(() => {
    const details = this.details();
    if (details !== null) return crumbsOf(details);
    const expected = this.expected();
    return expected.at(-1)?.id === this.askedId() ? expected : [];
  });
  /** Whether it was deleted, or is hidden from the person. */
  readonly isGone = computed(() => this.gone());

  private readonly askedId = signal<string | null>(null);
  private readonly known = signal<FileDetails | null>(null);
  private readonly expected = signal<readonly Crumb[]>([]);
  private readonly gone = signal(false);
  private readonly api = inject(FilesApi);
  private request: Subscription | null = null;
  private timer: ReturnType<typeof setTimeout> | null = null;

  constructor() {
    inject(DestroyRef).onDestroy(() => this.forget());
  }

  show(id: string): void {
    if (id === this.askedId()) return;
    this.askedId.set(id);
    this.reload();
  }

  /** What is about to be opened is shown at once, by the name that it had where it was chosen. */
  expect(folder: Crumb): void {
    const crumbs = this.crumbs();
    const index = crumbs.findIndex(({ id }) => id === folder.id);
    this.expected.set(index === -1 ? [...crumbs, folder] : crumbs.slice(0, index + 1));
  }

  reload(): void {
    const id = this.askedId();
    this.forget();
    this.gone.set(false);
    if (id === null) return;
    this.request = this.api.metadata(id).subscribe({
      next: (details) => this.known.set(details),
      // The list says why nothing comes; only that the folder is gone is told here.
      error: (failure: unknown) => this.gone.set(isGone(describeProblem(failure))),
    });
  }

  /** Something that happened on the drive. */
  take({ kind, file }: FileChange): void {
    const details = this.details();
    if (details === null) return;
    if (file.id === details.id && kind === 'gone') this.gone.set(true);
    else if (this.crumbs().some(({ id }) => id === file.id)) this.reload();
    else this.recountSoon();
  }

  private recountSoon(): void {
    this.timer ??= setTimeout(() => this.reload(), RECOUNT_AFTER_MS);
  }

  private forget(): void {
    this.request?.unsubscribe();
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

function crumbsOf({ id, filename, ancestors }: FileDetails): readonly Crumb[] {
  const above = ancestors.map((folder) => ({ id: folder.id, name: folder.filename }));
  return [...above, { id, name: filename }];
}
