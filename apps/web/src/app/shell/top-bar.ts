import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Button, Icon } from '@homeserver/ui';

import { ThemeStore } from '../core/theme-store';
import { UploadLauncher } from '../core/upload-launcher';
import { JobsSlot } from './jobs/jobs-slot';
import { PersonMenu } from './person-menu';

/** What can be done from every page. */
@Component({
  selector: 'home-top-bar',
  imports: [Button, Icon, JobsSlot, PersonMenu, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <a class="brand" routerLink="/" aria-label="HomeServer, to the first page">
      <img src="icon.svg" alt="" width="28" height="28" />
      <span aria-hidden="true">HomeServer</span>
    </a>
    <home-jobs-slot />
    <button
      homeButton
      type="button"
      [iconOnly]="true"
      [attr.aria-label]="switchLabel()"
      [title]="switchLabel()"
      (click)="theme.toggle()"
    >
      <home-icon [name]="theme.isDark() ? 'lightMode' : 'darkMode'" />
    </button>
    @if (launcher; as uploads) {
      <button homeButton look="primary" type="button" (click)="uploads.choose()">
        <home-icon name="upload" />Upload
      </button>
    }
    <home-person-menu />
  `,
  styleUrl: './top-bar.scss',
  host: { role: 'banner' },
})
export class TopBar {
  protected readonly theme = inject(ThemeStore);
  protected readonly launcher = inject(UploadLauncher, { optional: true });
  protected readonly switchLabel = computed(() =>
    this.theme.isDark() ? 'Switch to the light theme' : 'Switch to the dark theme',
  );
}
