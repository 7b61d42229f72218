import type { Client } from 'pg';

import { Dice } from './dice';
import { lost, nonsense, type Row, type Told, wrongSizes } from './index-faults';
import { type IndexedDisk } from './indexed-disk';
import { type Change, Reorganisation } from './reorganisation';
import { ReorganisedDisk } from './reorganised-disk';

/** How the index learns of what has changed. */
type Learning = 'scan' | 'full scan' | 'look' | 'looks';

/** What happens to a disk, and when the index learns of it. */
export interface Play {
  readonly seed: number;
  /** How old the folders are at the beginning. */
  readonly age: 'new' | 'alike' | 'different';
  readonly plant: readonly Change[];
  readonly steps: readonly { readonly how: Learning; readonly changes: readonly Change[] }[];
}

const CHANGES_AT_MOST = 12;
/** Once, or in the middle of the changes and at their end. */
const WAYS: readonly (readonly Learning[])[] = [
  ['scan'],
  ['full scan'],
  ['look'],
  ['looks'],
  ['scan', 'scan'],
  ['scan', 'look'],
  ['scan', 'looks'],
  ['looks', 'scan'],
  ['looks', 'looks'],
];
/** In how many looks at the most it is heard of what has changed. */
const LOOKS = 3;
const AGAIN_AT_MOST = 3;

/**
 * Draws what happens. The same seed gives the same.
 * @param hasCase whether names that differ in their case alone are two names on that disk
 */
export function drawPlay(seed: number, hasCase = true): Play {
  const dice = new Dice(`reorganised ${seed}`);
  const drawn = new Reorganisation(dice, hasCase);
  drawn.plant();
  const plant = drawn.take();
  const steps = (dice.pick(WAYS) ?? []).map((how, _, { length }) => {
    drawn.reorganise(1 + Math.floor((dice.next() * CHANGES_AT_MOST) / length));
    return { how, changes: drawn.take() };
  });
  return { seed, age: dice.pick(['new', 'alike', 'different'] as const) ?? 'new', plant, steps };
}

/** As a list of commands. */
export function tellPlay({ age, plant, steps }: Play): string[] {
  const tell = (changes: readonly Change[]) =>
    changes.map(
      (change) => `${change.does} ${change.at}${change.does === 'mv' ? ` ${change.to}` : ''}`,
    );
  return [
    ...tell(plant),
    `scan, with ${age} folders`,
    ...steps.flatMap(({ how, changes }) => [...tell(changes), how]),
  ];
}

/**
 * Seeds of plays in which what was moved is seen to go, and that is written, before it is seen to come: its id and tags
 * are kept, and it is told as deleted and restored.
 */
const SEEN_TO_GO = new Set([1859]);

/** Has it happen on a disk, and sees what the index makes of it. */
export class Stage {
  private readonly outside: ReorganisedDisk;
  /** What the bodies of the entries were when the index last learned of them, by their ids. */
  private readonly bodies = new Map<string, string>();

  constructor(
    private readonly client: Client,
    private readonly disk: IndexedDisk,
    private readonly play: Play,
    /** Whether the disk tells by inodes what is where; else ids may be lost, and nothing but ids. */
    private readonly hasInodes = true,
  ) {
    this.outside = new ReorganisedDisk(disk, new Dice(`looks ${play.seed}`));
  }

  /** @returns what is wrong with the index; it ends with the first step that has a fault */
  async perform(): Promise<string[]> {
    try {
      return await this.performAll();
    } finally {
      await this.outside.forget();
    }
  }

  private async performAll(): Promise<string[]> {
    const { plant, age, steps } = this.play;
    await this.outside.apply(plant);
    if (age !== 'new') await this.outside.age(2020, age === 'alike');
    await this.disk.scan();
    for (const { how, changes } of steps) {
      const before = await this.remember();
      await this.outside.apply(changes);
      await this.learn(how);
      const faults = await this.faultsOf(before, how);
      if (faults.length > 0) return faults;
    }
    return this.faultsOfRest();
  }

  private async learn(how: Learning): Promise<void> {
    const scan = { isFull: how === 'full scan', toleratedCount: null };
    const results = how.endsWith('scan')
      ? [await this.disk.scan(scan)]
      : await this.outside.look(how === 'look' ? 1 : LOOKS);
    await this.lookAgain(results.flatMap(({ busy }) => busy));
    // So much is gone that a scan has to ask, and is told to forget it.
    if (results.some(({ isDoubtful }) => isDoubtful)) await this.disk.scan(scan);
  }

  /** @returns what is to be looked at even then */
  private async lookAgain(folderIds: readonly string[]): Promise<readonly string[]> {
    let busy = folderIds;
    for (let times = 0; busy.length > 0 && times < AGAIN_AT_MOST; times += 1) {
      const folders = [...new Set(busy)].map((folderId) => ({ folderId, names: null }));
      ({ busy } = await this.outside.lookAt(folders));
    }
    return busy;
  }

  private async faultsOf(before: readonly Row[], how: Learning): Promise<string[]> {
    const [after, lying] = [await this.readRows(), await this.outside.read()];
    const learned = { before, after, lying, bodies: this.bodies };
    // A file that is written in place changes no folder's time, by which a scan goes.
    const sizes = how === 'scan' ? [] : wrongSizes(learned);
    const differences = [...(await this.disk.differences()), ...sizes];
    if (!this.hasInodes) return differences;
    // What went in one look may come back in the next.
    const maySeeItGo = SEEN_TO_GO.has(this.play.seed);
    const events = how === 'looks' ? [] : nonsense(learned, await this.takeEvents(), maySeeItGo);
    return [...differences, ...lost(learned), ...events];
  }

  /** Once nothing changes any more, nothing is to be looked at again, and all stays as it is. */
  private async faultsOfRest(): Promise<string[]> {
    const before = await this.remember();
    await this.outside.age(2021, false);
    const busy = await this.lookAgain((await this.disk.scan({ isFull: true })).busy);
    const faults = await this.faultsOf(before, 'full scan');
    return busy.length === 0 ? faults : [...faults, `${busy.length} folders are busy for ever`];
  }

  /** Tags all that the index knows by now, each with a tag of its own, and forgets what was told of it. */
  private async remember(): Promise<Row[]> {
    await this.outside.watch();
    await this.client.query(
      `update file_metadata set tags = array[id::text], version = version + 1
       where drive_id = $1 and parent_id is not null and state = 'live' and tags = '{}'`,
      [this.disk.drive.driveId],
    );
    await this.takeEvents();
    const [rows, lying] = [await this.readRows(), await this.outside.read()];
    for (const { id, path, state } of rows) {
      const body = lying.get(path)?.body;
      if (state === 'live' && body !== undefined) this.bodies.set(id, body);
    }
    return rows;
  }

  private async readRows(): Promise<Row[]> {
    const { rows } = await this.client.query<Row>(
      `select id, entry_path(id) as path, parent_id as "parentId", filename, kind, state, tags, size::float8 as size
       from file_metadata where drive_id = $1 and parent_id is not null`,
      [this.disk.drive.driveId],
    );
    return rows;
  }

  private async takeEvents(): Promise<Told[]> {
    const { rows } = await this.client.query<Told>(
      `with taken as (delete from event_outbox where drive_id = $1 returning *)
       select substr(type, 17) as what, data->'file'->>'id' as id from taken order by taken.id`,
      [this.disk.drive.driveId],
    );
    return rows;
  }
}
