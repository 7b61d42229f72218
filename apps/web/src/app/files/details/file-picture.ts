import { ChangeDetectionStrategy, Component, computed, input, linkedSignal } from '@angular/core';
import type { FileMetadata } from '@homeserver/dto';
import { Icon } from '@homeserver/ui';

import { hasPicture, iconOf } from '../entries/entry-kind';
import { inlineAddress } from '../files-api';

/** What a file looks like: itself where it is a picture, else the icon of its kind. */
@Component({
  selector: 'home-file-picture',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (address(); as source) {
      <img
        alt=""
        decoding="async"
        draggable="false"
        [src]="source"
        [class.is-there]="isThere()"
        (load)="isThere.set(true)"
        (error)="isBroken.set(true)"
      />
    } @else {
      <home-icon [name]="icon()" [size]="56" />
    }
  `,
  styles: `
    :host {
      display: grid;
      place-items: center;
      aspect-ratio: var(--picture-ratio, 4 / 3);
      border-radius: 12px;
      background: var(--raised);
      color: var(--muted);
      overflow: hidden;
    }

    img {
      width: 100%;
      height: 100%;
      object-fit: contain;
      opacity: 0;
      transition: opacity var(--motion);
    }

    .is-there {
      opacity: 1;
    }
  `,
})
export class FilePicture {
  readonly file = input.required<FileMetadata>();

  protected readonly icon = computed(() => iconOf(this.file()));
  protected readonly isThere = linkedSignal({
    source: () => this.file().id,
    computation: () => false,
  });
  /** The bytes are not what their type says, or do not come: the icon is as good. */
  protected readonly isBroken = linkedSignal({
    source: () => this.file().id,
    computation: () => false,
  });
  protected readonly address = computed(() => {
    const file = this.file();
    return hasPicture(file) && !this.isBroken() ? inlineAddress(file) : null;
  });
}
