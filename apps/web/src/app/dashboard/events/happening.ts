import type { HomeServerEvent } from '@homeserver/dto';
import type { IconName } from '@homeserver/ui';

/** One or more events of the log as a person would tell them. */
export interface Happening {
  /** The id of its newest event. */
  readonly id: string;
  readonly icon: IconName;
  /** What it happened to, set off from the rest. */
  readonly subject: string;
  readonly rest: string;
  /** What it is now, after `rest`; of a rename alone. */
  readonly outcome: string | null;
  readonly time: Date;
}

/** Events of one kind that follow within this time are told together. */
const TOGETHER_MS = 10 * 60_000;

const ICONS: Readonly<Record<HomeServerEvent['type'], IconName>> = {
  'homeserver.file.created': 'upload',
  'homeserver.file.changed': 'edit',
  'homeserver.file.moved': 'edit',
  'homeserver.file.deleted': 'delete',
};

const VERBS: Readonly<Record<HomeServerEvent['type'], string>> = {
  'homeserver.file.created': 'added',
  'homeserver.file.changed': 'changed',
  'homeserver.file.moved': 'moved',
  'homeserver.file.deleted': 'deleted',
};

/** Whether there are words for it: a newer server tells of more. */
export function canBeTold(event: { readonly type: string }): boolean {
  return Object.hasOwn(VERBS, event.type);
}

/** @param events the newest first */
export function happeningsOf(
  events: readonly HomeServerEvent[],
  most: number,
): readonly Happening[] {
  const groups: HomeServerEvent[][] = [];
  for (const event of events) {
    const group = groups.at(-1);
    if (group !== undefined && belongsTo(group, event)) group.push(event);
    else if (groups.length < most) groups.push([event]);
    else break;
  }
  return groups.flatMap(tell);
}

/** The events with one more, the newest first, each once. */
export function withEvents(
  known: readonly HomeServerEvent[],
  more: readonly HomeServerEvent[],
  most: number,
): readonly HomeServerEvent[] {
  const byId = new Map([...known, ...more].map((event) => [event.id, event]));
  return [...byId.values()].sort((one, other) => Number(other.id) - Number(one.id)).slice(0, most);
}

function belongsTo(group: readonly HomeServerEvent[], event: HomeServerEvent): boolean {
  const last = group.at(-1);
  if (last?.type !== event.type) return false;
  // A new name is told with both names, so it stands alone.
  if (isRename(event) || isRename(last)) return false;
  return Date.parse(last.time) - Date.parse(event.time) <= TOGETHER_MS;
}

function tell(group: readonly HomeServerEvent[]): Happening[] {
  const [event] = group;
  if (event === undefined) return [];
  const { filename, kind } = event.data.file;
  const base = { id: event.id, icon: ICONS[event.type], time: new Date(event.time) };
  if (isRename(event)) {
    return [
      { ...base, subject: event.data.previous.filename, rest: 'is now called', outcome: filename },
    ];
  }
  const others = new Set(group.map((other) => other.data.file.id)).size - 1;
  const subject = kind === 'folder' ? `Folder ${filename}` : filename;
  const rest =
    others === 0 ? `was ${VERBS[event.type]}` : `and ${others} more were ${VERBS[event.type]}`;
  return [{ ...base, subject, rest, outcome: null }];
}

type MovedEvent = Extract<HomeServerEvent, { type: 'homeserver.file.moved' }>;

function isRename(event: HomeServerEvent): event is MovedEvent {
  return (
    event.type === 'homeserver.file.moved' &&
    event.data.previous.filename !== event.data.file.filename
  );
}
