import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  inject,
  input,
  output,
  signal,
} from '@angular/core';
import { Icon, Tag } from '@homeserver/ui';

import type { Chosen } from './chosen-file';
import { carriesFiles, readDrop } from './dropped-files';
import type { UploadTarget } from './upload-target';

/** Takes files that are dropped anywhere in the window, and says before where they would go. */
@Component({
  selector: 'home-drop-zone',
  imports: [Icon, Tag],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (isHovered()) {
      <div class="veil">
        <div class="frame"></div>
        <div class="words">
          <home-icon [name]="refusal() === null ? 'upload' : 'warning'" [size]="32" />
          @if (refusal(); as words) {
            <p class="where">{{ words }}</p>
          } @else {
            <p class="where">
              Drop to upload to <b>{{ target()?.name ?? 'Files' }}</b>
            </p>
            @if ((target()?.tags ?? []).length > 0) {
              <p class="tags">
                with
                @for (tag of target()?.tags; track tag) {
                  <home-tag [tag]="tag" />
                }
              </p>
            }
          }
        </div>
      </div>
    }
  `,
  styleUrl: './drop-zone.scss',
})
export class DropZone {
  readonly target = input.required<UploadTarget | null>();
  /** Why nothing can be dropped here; null when it can. */
  readonly refusal = input<string | null>(null);

  readonly dropped = output<AsyncIterable<Chosen[]>>();

  protected readonly isHovered = signal(false);

  /** Elements under the pointer: the browser tells of each that is entered and left. */
  private depth = 0;
  /** Browsers tell of a picture that is dragged from the page as of files. */
  private isFromPage = false;

  constructor() {
    const listening = new AbortController();
    const options = { signal: listening.signal };
    // One that is refused never ends.
    const begin = (event: DragEvent) => (this.isFromPage = !event.defaultPrevented);
    window.addEventListener('dragstart', begin, options);
    window.addEventListener('dragend', () => (this.isFromPage = false), options);
    window.addEventListener('dragenter', (event) => this.handleEnter(event), options);
    window.addEventListener('dragover', (event) => this.handleOver(event), options);
    window.addEventListener('dragleave', (event) => this.handleLeave(event), options);
    window.addEventListener('drop', (event) => this.handleDrop(event), options);
    // None comes during a drag: it has ended, though an element that went never said so, nor that it was left.
    window.addEventListener('pointermove', () => this.forget(), options);
    inject(DestroyRef).onDestroy(() => listening.abort());
  }

  private handleEnter(event: DragEvent): void {
    if (!this.isTaken(event)) return;
    event.preventDefault();
    this.depth += 1;
    this.isHovered.set(true);
  }

  private handleOver(event: DragEvent): void {
    if (event.dataTransfer === null || !this.isTaken(event)) return;
    // Without this the browser opens the file in place of the page.
    event.preventDefault();
    event.dataTransfer.dropEffect = this.refusal() === null ? 'copy' : 'none';
  }

  private handleLeave(event: DragEvent): void {
    if (!this.isTaken(event)) return;
    this.depth = Math.max(0, this.depth - 1);
    if (this.depth === 0) this.isHovered.set(false);
  }

  private handleDrop(event: DragEvent): void {
    if (event.dataTransfer === null || !this.isTaken(event)) return;
    event.preventDefault();
    this.forget();
    if (this.refusal() === null) this.dropped.emit(readDrop(event.dataTransfer));
  }

  private isTaken({ dataTransfer }: DragEvent): boolean {
    return !this.isFromPage && carriesFiles(dataTransfer);
  }

  private forget(): void {
    this.isFromPage = false;
    this.depth = 0;
    this.isHovered.set(false);
  }
}
