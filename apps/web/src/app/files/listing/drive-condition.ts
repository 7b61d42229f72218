import { computed, inject, Injectable } from '@angular/core';

import { awayText, refusalOf } from '../../core/drives/drive-words';
import { ListFeed } from './list-feed';

/** What the drive that is open allows at the moment. */
@Injectable()
export class DriveCondition {
  /** Why nothing can be changed here, in words for a person; null when it can. */
  readonly refusal = computed(() => refusalOf(this.feed.drive()));
  /** Why no bytes can be had; null when they can. */
  readonly away = computed(() => {
    const drive = this.feed.drive();
    return drive === null ? null : awayText(drive);
  });

  private readonly feed = inject(ListFeed);
}
