import type { Scope } from '@homeserver/dto';
import type { IconName } from '@homeserver/ui';

/** A page that the frame leads to. */
export interface Place {
  readonly path: string;
  readonly label: string;
  readonly icon: IconName;
}

/** One of the pages that phones show at their foot, too. */
export interface MainPlace extends Place {
  readonly shortLabel: string;
  /** Without which the page has nothing to show. */
  readonly scope: Scope;
}

export const MAIN_PLACES: readonly MainPlace[] = [
  {
    path: '/dashboard',
    label: 'Dashboard',
    shortLabel: 'Home',
    icon: 'dashboard',
    scope: 'monitoring:read',
  },
  { path: '/files', label: 'Files', shortLabel: 'Files', icon: 'folder', scope: 'files:read' },
  { path: '/trash', label: 'Trash', shortLabel: 'Trash', icon: 'delete', scope: 'files:read' },
];

export const OWN_PLACES: readonly Place[] = [
  { path: '/account', label: 'Account', icon: 'person' },
];

/** Of administrators alone. */
export const HOUSEHOLD_PLACES: readonly Place[] = [
  { path: '/drives', label: 'Drives', icon: 'drives' },
  { path: '/users', label: 'Users', icon: 'people' },
  { path: '/access', label: 'Access', icon: 'key' },
  { path: '/audit', label: 'Audit log', icon: 'history' },
];
