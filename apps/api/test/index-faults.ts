import { parentOf } from './reorganisation';
import type { Lying } from './reorganised-disk';

/** An entry as the index has it. */
export interface Row {
  readonly id: string;
  readonly path: string;
  readonly parentId: string;
  readonly filename: string;
  readonly kind: 'file' | 'folder';
  readonly state: string;
  readonly tags: string[];
  readonly size: number;
}

/** An event, by what it says and of which entry. */
export interface Told {
  readonly what: string;
  readonly id: string;
}

/** What the index knew before it learned of changes and knows since, and what lies on the disk. */
export interface Learned {
  readonly before: readonly Row[];
  readonly after: readonly Row[];
  readonly lying: ReadonlyMap<string, Lying>;
  /** What the entries were on the disk when the index last had them there, by their ids. */
  readonly bodies: ReadonlyMap<string, string>;
}

/**
 * Tagged entries that were not kept, though they are on the disk still, or something else under their name. A path
 * keeps its entry: one that lost its body to a path that kept its own may be missing.
 */
export function lost(learned: Learned): string[] {
  const now = new Map(learned.after.map((row) => [row.id, row]));
  const places = new Map([...learned.lying].map(([place, { body }]) => [body, place]));
  return learned.before.flatMap((row): string[] => {
    const is = now.get(row.id);
    if (is === undefined) return row.tags.length > 0 ? [`${row.path} is no more`] : [];
    if (row.tags.some((tag) => !is.tags.includes(tag))) return [`${row.path} lost its tags`];
    const place = places.get(learned.bodies.get(row.id) ?? '');
    if (is.state === 'live') {
      if (is.path === place || keepsPlace(row, is)) return [];
      return [`${row.path} is said to be at ${is.path}`];
    }
    if (place === undefined)
      return isWrittenAnew(row, learned) ? [`${row.path} was written anew, and is missing`] : [];
    return isTaken(row, place, learned)
      ? []
      : [`${row.state} ${row.path} is at ${place}, and missing`];
  });
}

function keepsPlace(was: Row | undefined, is: Row): boolean {
  if (was === undefined || is.state !== 'live') return false;
  return was.path === is.path || (was.parentId === is.parentId && was.filename === is.filename);
}

/** Whether the entry that is where this one's body lies kept that place, now or before. */
function isTaken({ id }: Row, place: string, { before, after, bodies }: Learned): boolean {
  const other = after.find(({ path, state }) => path === place && state === 'live');
  if (other === undefined) return false;
  const was = before.find((row) => row.id === other.id);
  return keepsPlace(was, other) || bodies.get(other.id) === bodies.get(id);
}

/** Whether what lies under the name of an entry was nothing before that the index knew. */
function isWrittenAnew(row: Row, { after, lying, bodies }: Learned): boolean {
  const there = lying.get(row.path);
  if (row.state !== 'live' || there?.kind !== row.kind) return false;
  if ([...bodies.values()].includes(there.body)) return false;
  const parent = parentOf(row.path);
  const folder = after.find(({ path, state }) => path === parent && state === 'live');
  return parent === '' || folder?.id === row.parentId;
}

/**
 * Events of one look, or scan, that tell of what was kept as if it had gone or come, or tell nothing.
 * @param maySeeItGo whether what was moved may be told as deleted and then as restored
 */
export function nonsense(
  { before, after }: Learned,
  events: readonly Told[],
  maySeeItGo: boolean,
): string[] {
  const isBack = ({ what, id }: Told) =>
    maySeeItGo &&
    ['deleted', 'restored'].includes(what) &&
    ['deleted', 'restored'].every((word) => said.includes(`${word} ${id}`));
  const said = events.map(({ what, id }) => `${what} ${id}`);
  const then = new Map(before.map((row) => [row.id, row]));
  const now = new Map(after.map((row) => [row.id, row]));
  const faults = events.flatMap((event): string[] => {
    if (isBack(event)) return [];
    const { what, id } = event;
    const [was, is] = [then.get(id), now.get(id)];
    if (is === undefined) return [`${what} of what is not known`];
    const isKept = was?.state === 'live' && is.state === 'live';
    if (isKept && !['moved', 'changed'].includes(what)) return [`${what} ${is.path}`];
    if (what === 'created' && was !== undefined) return [`created once more ${was.path}`];
    return what === 'moved' && !isElsewhere(was, is) ? [`moved to where it was ${is.path}`] : [];
  });
  if (new Set(said).size !== said.length) faults.push('the same was told twice');
  for (const row of after.filter(({ state }) => state === 'live')) {
    const was = then.get(row.id);
    if (was === undefined && !said.includes(`created ${row.id}`))
      faults.push(`nothing told of ${row.path}`);
    const isTold = said.includes(`moved ${row.id}`) || isBack({ what: 'restored', id: row.id });
    if (was?.state === 'live' && isElsewhere(was, row) && !isTold)
      faults.push(`nothing told of the move to ${row.path}`);
  }
  return faults;
}

function isElsewhere(was: Row | undefined, is: Row): boolean {
  return was?.parentId !== is.parentId || was.filename !== is.filename;
}

/** Files that have another size on the disk. */
export function wrongSizes({ after, lying }: Learned): string[] {
  return after.flatMap(({ path, kind, state, size }) => {
    const there = lying.get(path);
    return kind === 'file' && state === 'live' && there?.size !== size
      ? [`${path} has ${there?.size} bytes, not ${size}`]
      : [];
  });
}
