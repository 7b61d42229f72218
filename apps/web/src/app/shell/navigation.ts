import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { type Params, RouterLink, RouterLinkActive } from '@angular/router';
import { bytesText, Icon, type IconName } from '@homeserver/ui';
import type { Drive } from '@homeserver/dto';

import { DrivesStore } from '../core/drives-store';
import { SessionStore } from '../core/session-store';
import { HOUSEHOLD_PLACES, MAIN_PLACES } from './places';

interface DriveLine {
  readonly id: string;
  readonly name: string;
  /** Of its page's address. */
  readonly params: Params;
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
  protected readonly session = inject(SessionStore);
  /** All of them while it is not known who is there. */
  protected readonly places = computed(() =>
    MAIN_PLACES.filter(({ scope }) => !this.session.user() || this.session.can(scope)),
  );
  protected readonly household = HOUSEHOLD_PLACES;
  protected readonly drives = computed(() =>
    (this.store.drives() ?? []).map((drive, index) => lineOf(drive, index === 0)),
  );

  private readonly store = inject(DrivesStore);
}

function lineOf(drive: Drive, isDefault: boolean): DriveLine {
  const isOnline = drive.state === 'online';
  return {
    id: drive.id,
    name: drive.name,
    params: isDefault ? {} : { drive: drive.id },
    icon: isOnline ? 'drive' : 'driveOff',
    state: isOnline ? freeText(drive.freeBytes) : drive.state,
  };
}

function freeText(freeBytes: number | null): string {
  return freeBytes === null ? '' : `${bytesText(freeBytes)} free`;
}
