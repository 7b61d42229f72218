import { NgComponentOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, inject, signal, type Type } from '@angular/core';
import { toObservable } from '@angular/core/rxjs-interop';
import { filter, take } from 'rxjs';

import { JobsStore } from '../../core/jobs/jobs-store';

/** Where work in the background shows; its code is loaded when there is the first. */
@Component({
  selector: 'home-jobs-slot',
  imports: [NgComponentOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<ng-container [ngComponentOutlet]="menu()" />`,
  styles: ':host { display: contents; }',
})
export class JobsSlot {
  protected readonly menu = signal<Type<unknown> | null>(null);

  constructor() {
    toObservable(inject(JobsStore).jobs)
      .pipe(
        filter((jobs) => jobs.length > 0),
        take(1),
      )
      .subscribe(() => void this.load());
  }

  private async load(): Promise<void> {
    const { JobsMenu } = await import('./jobs-menu');
    this.menu.set(JobsMenu);
  }
}
