import type { HomeServerEvent } from '@homeserver/dto';
import type { IconName } from '@homeserver/ui';

import { iconOf, keyOf, type Words, wordsOf } from './event-words';

/** One or more events of the log as a person would tell them. */
export interface Happening extends Words {
  /** The id of its newest event. */
  readonly id: string;
  readonly icon: IconName;
  readonly time: Date;
}

/** Events of one kind that follow within this time are told together. */
const TOGETHER_MS = 10 * 60_000;

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
  if (last === undefined || keyOf(last) !== keyOf(event)) return false;
  return Date.parse(last.time) - Date.parse(event.time) <= TOGETHER_MS;
}

function tell(group: readonly HomeServerEvent[]): Happening[] {
  const [event] = group;
  if (event === undefined) return [];
  const { id } = event;
  return [{ id, icon: iconOf(event), time: new Date(event.time), ...wordsOf(event, group) }];
}
