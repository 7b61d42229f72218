import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { bytesText, Icon, type IconName } from '@homeserver/ui';
import type { Drive } from '@homeserver/dto';

import { DrivesStore } from '../core/drives-store';

interface Place {
  readonly path: string;
  readonly label: string;
  /** Under the icon on a phone. */
  readonly shortLabel: string;
  readonly icon: IconName;
}

interface DriveLine {
  readonly id: string;
  readonly name: string;
  readonly icon: IconName;
  readonly state: string;
}

/** The pages and the drives: at the side on a desk, at the foot on a phone. */
@Component({
  selector: 'home-navigation',
  imports: [Icon, RouterLink, RouterLinkActive],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './navigation.html',
  styleUrl: './navigation.scss',
})
export class Navigation {
  protected readonly places: readonly Place[] = [
    { path: '/dashboard', label: 'Dashboard', shortLabel: 'Home', icon: 'dashboard' },
    { path: '/files', label: 'Files', shortLabel: 'Files', icon: 'folder' },
  ];
  protected readonly drives = computed(() => (this.store.drives() ?? []).map(lineOf));

  private readonly store = inject(DrivesStore);
}

function lineOf(drive: Drive): DriveLine {
  const isOnline = drive.state === 'online';
  return {
    id: drive.id,
    name: drive.name,
    icon: isOnline ? 'drive' : 'driveOff',
    state: isOnline ? freeText(drive.freeBytes) : drive.state,
  };
}

function freeText(freeBytes: number | null): string {
  return freeBytes === null ? '' : `${bytesText(freeBytes)} free`;
}
