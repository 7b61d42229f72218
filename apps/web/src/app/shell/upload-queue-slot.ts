import { NgComponentOutlet } from '@angular/common';
import {
  ChangeDetectionStrategy,
  Component,
  input,
  type OnInit,
  signal,
  type Type,
} from '@angular/core';

import type { UploadLauncher } from '../core/upload-launcher';

/** Where the upload queue floats over every page; its code is loaded when the first upload exists. */
@Component({
  selector: 'home-upload-queue-slot',
  imports: [NgComponentOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<ng-container [ngComponentOutlet]="panel()" />`,
})
export class UploadQueueSlot implements OnInit {
  readonly launcher = input.required<UploadLauncher>();

  protected readonly panel = signal<Type<unknown> | null>(null);

  ngOnInit(): void {
    void this.load();
  }

  private async load(): Promise<void> {
    this.panel.set(await this.launcher().loadQueuePanel());
  }
}
