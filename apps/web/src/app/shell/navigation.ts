import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { type Params, RouterLink, RouterLinkActive } from '@angular/router';
import { bytesText, Icon, type IconName } from '@homeserver/ui';
import type { Drive } from '@homeserver/dto';

import { conditionOf, type DriveFill, fillOf } from '../core/drives/drive-words';
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
  /** Of the fill; empty where nothing stands out. */
  readonly tone: string;
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
  const condition = conditionOf(drive);
  const fill = fillOf(drive);
  const isFine = drive.state === 'online' && condition.tone === 'plain';
  return {
    id: drive.id,
    name: drive.name,
    params: isDefault ? {} : { drive: drive.id },
    icon: isFine ? 'drive' : condition.icon,
    ...(isFine ? fillLine(drive, fill) : { state: condition.label.toLowerCase(), tone: '' }),
  };
}

function fillLine({ freeBytes, index }: Drive, fill: DriveFill | null) {
  if (index.state === 'scanning' && index.scannedAt === null)
    return { state: 'indexing', tone: '' };
  if (fill !== null) return { state: `${fill.percent}\u00a0%`, tone: fill.tone };
  return { state: freeBytes === null ? '' : `${bytesText(freeBytes)} free`, tone: '' };
}
