import { ChangeDetectionStrategy, Component } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { Icon, type IconName } from '@homeserver/ui';

interface Place {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
}

/** The frame around every page. */
@Component({
  selector: 'home-shell',
  imports: [Icon, RouterLink, RouterLinkActive],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <nav aria-label="Pages">
      @for (place of places; track place.path) {
        <a [routerLink]="place.path" routerLinkActive="is-current" ariaCurrentWhenActive="page">
          <home-icon [name]="place.icon" />{{ place.label }}
        </a>
      }
    </nav>
    <main><ng-content /></main>
  `,
})
export class Shell {
  protected readonly places: readonly Place[] = [
    { path: '/dashboard', label: 'Dashboard', icon: 'dashboard' },
    { path: '/files', label: 'Files', icon: 'folder' },
  ];
}
