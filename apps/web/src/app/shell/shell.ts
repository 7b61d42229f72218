import {
  afterNextRender,
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  inject,
  Injector,
  viewChild,
} from '@angular/core';
import { RouterOutlet } from '@angular/router';

import { SessionEnd } from '../core/session-end';
import { UploadLauncher } from '../core/upload-launcher';
import { Navigation } from './navigation';
import { TopBar } from './top-bar';
import { UploadQueueSlot } from './upload-queue-slot';

/** The frame around every page. */
@Component({
  selector: 'home-shell',
  imports: [Navigation, RouterOutlet, TopBar, UploadQueueSlot],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './shell.html',
  styleUrl: './shell.scss',
})
export class Shell {
  protected readonly launcher = inject(UploadLauncher, { optional: true });

  private readonly injector = inject(Injector);
  private readonly main = viewChild.required<ElementRef<HTMLElement>>('main');
  private hasFirstPage = false;

  constructor() {
    // From now on it asks whether the session is still there, whenever the page is looked at again.
    inject(SessionEnd);
  }

  protected skipToContent(event: Event): void {
    // The address stays: with the base of this document, #content would lead to another page.
    event.preventDefault();
    this.main().nativeElement.focus();
  }

  /**
   * The keyboard and the screen reader go where the eyes go: to the heading of the new page. The first
   * page is left to the browser, which begins at the top.
   */
  protected focusNewPage(): void {
    if (!this.hasFirstPage) {
      this.hasFirstPage = true;
      return;
    }
    afterNextRender({ read: () => this.focusHeading() }, { injector: this.injector });
  }

  private focusHeading(): void {
    const main = this.main().nativeElement;
    const target = main.querySelector('h1') ?? main;
    target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }
}
