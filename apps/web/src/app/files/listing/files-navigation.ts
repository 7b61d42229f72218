import { computed, inject, Injectable } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, type Params, Router } from '@angular/router';
import type { FileSort } from '@homeserver/dto';

import {
  type FilesView,
  isSameView,
  paramsOf,
  sortedBy,
  viewOf,
  withTagToggled,
} from './files-view';

/** What the address asks for, and the ways to ask for something else. */
@Injectable()
export class FilesNavigation {
  readonly view = computed(() => viewOf(this.params()), { equal: isSameView });

  /** The drive that the address names; null: none, so the default one. */
  readonly driveId = computed(() => this.params().get('drive'));

  /** The folder that the address names; null: none, so the root of the drive. */
  readonly folderId = computed(() => this.params().get('folder'));

  private readonly route = inject(ActivatedRoute);
  private readonly router = inject(Router);
  private readonly params = toSignal(this.route.queryParamMap, {
    initialValue: this.route.snapshot.queryParamMap,
  });

  sortBy(sort: FileSort): void {
    void this.goTo(sortedBy(this.view(), sort));
  }

  toggleTag(tag: string): void {
    void this.goTo(withTagToggled(this.view(), tag));
  }

  /** While a person types, the address changes without a step back for each letter. */
  filterByName(text: string): void {
    const before = this.view();
    const isTyping = before.text !== '' && text !== '';
    void this.goTo({ ...before, text }, isTyping);
  }

  clearFilters(): void {
    void this.goTo({ ...this.view(), tags: [], text: '' });
  }

  /** Another drive as it is, without what the one before was filtered by. */
  openDrive(id: string | null): void {
    void this.router.navigate([], { relativeTo: this.route, queryParams: { drive: id } });
  }

  /**
   * Another folder in the same order, without what the one before was filtered by.
   * @param drive null: the default one; `folder` null: its root
   */
  openFolder(place: { readonly drive: string | null; readonly folder: string | null }): void {
    void this.router.navigate([], {
      relativeTo: this.route,
      queryParams: this.paramsOfFolder(place),
    });
  }

  /** The query parameters of a folder in the same order. */
  paramsOfFolder(place: { readonly drive: string | null; readonly folder: string | null }): Params {
    return { ...paramsOf({ ...this.view(), tags: [], text: '' }), ...place };
  }

  private goTo(view: FilesView, replaceUrl = false): Promise<boolean> {
    return this.router.navigate([], {
      relativeTo: this.route,
      queryParams: paramsOf(view),
      queryParamsHandling: 'merge',
      replaceUrl,
    });
  }
}
