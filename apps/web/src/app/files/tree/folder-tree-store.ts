import { computed, DestroyRef, inject, Injectable, signal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import type { Subscription } from 'rxjs';

import { canBeOpened } from '../entries/entry-nature';
import { type FolderPlace, FilesApi } from '../files-api';
import type { FileChange } from '../listing/list-changes';
import { type Branch, branchWith, branchWithout, type TreeRow, treeRowsOf } from './tree-rows';

const PAGE = 200;

/** Folders as a tree: a branch is asked for when it is opened, a page at a time. */
@Injectable()
export class FolderTreeStore {
  /** From top to bottom, those in closed branches left out. */
  readonly rows = computed<readonly TreeRow[]>(() =>
    treeRowsOf({ roots: this.roots(), branches: this.branches(), open: this.open() }),
  );

  private readonly roots = signal<readonly FolderPlace[]>([]);
  private readonly branches = signal<ReadonlyMap<string, Branch>>(new Map());
  private readonly open = signal<ReadonlySet<string>>(new Set());
  private readonly api = inject(FilesApi);
  private readonly requests = new Map<string, Subscription>();

  constructor() {
    inject(DestroyRef).onDestroy(() => {
      for (const request of this.requests.values()) request.unsubscribe();
    });
  }

  /** Drives, of which nothing is opened by itself. */
  setRoots(roots: readonly FolderPlace[]): void {
    this.roots.set(roots);
  }

  expand(id: string): void {
    if (!this.open().has(id)) this.open.update((open) => new Set(open).add(id));
    if (this.branches().get(id) === undefined) this.loadMore(id);
  }

  collapse(id: string): void {
    this.open.update((open) => new Set([...open].filter((other) => other !== id)));
  }

  /** The next page of a branch; after a failure, the same again. */
  loadMore(id: string): void {
    const branch = this.branches().get(id) ?? NEW_BRANCH;
    if (this.requests.has(id) || branch.isComplete) return;
    this.put(id, { ...branch, isFailed: false });
    let isAnswered = false;
    const end = (next: Branch) => {
      isAnswered = true;
      this.requests.delete(id);
      this.put(id, next);
    };
    const request = this.api.folders(id, { limit: PAGE, cursor: branch.cursor }).subscribe({
      next: ({ items, nextCursor }) => {
        const folders = items.filter(canBeOpened);
        const known = this.branches().get(id) ?? NEW_BRANCH;
        end({
          ...branchWith(known, folders),
          cursor: nextCursor,
          isComplete: nextCursor === null,
          isFailed: false,
        });
      },
      error: () => end({ ...branch, isFailed: true }),
    });
    if (!isAnswered) this.requests.set(id, request);
  }

  /** Something that happened to an entry. Branches that are not known learn of it when they are asked for. */
  take({ kind, file }: FileChange): void {
    if (file.kind !== 'folder') return;
    const isThere = kind === 'present' && canBeOpened(file);
    this.branches.update((branches) => {
      const changed = new Map(branches);
      for (const [id, branch] of branches) {
        if (isThere && id === file.parentId) changed.set(id, branchWith(branch, [file]));
        else changed.set(id, branchWithout(branch, file.id));
      }
      return changed;
    });
  }

  private put(id: string, branch: Branch): void {
    this.branches.update((branches) => new Map(branches).set(id, branch));
  }
}

const NEW_BRANCH: Branch = {
  folders: [] satisfies FileMetadata[],
  cursor: null,
  isComplete: false,
  isFailed: false,
};
