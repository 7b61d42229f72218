import path from 'node:path';

import type { DriveState } from '@homeserver/dto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';

import { CONFIG, type Config } from '../platform/config/config';
import { uuid7 } from '../platform/database/uuid7';
import {
  type DriveListener,
  DriveListeners,
  type ForgottenListener,
  type StateListener,
  tellAll,
} from './drive-listeners';
import { DriveLooks, type Sight } from './drive-looks.adapter';
import { readMarker, writeMarker } from './drive-marker.adapter';
import { DriveNotFoundError, DriveOfflineError, DriveReadOnlyError } from './drives.errors';
import { type DriveRow, DrivesRepository } from './drives.repository';
import { NewEntryOwners } from './new-entry-owners.service';
import { PatientQuestions } from './patient-questions';
import { isServedAlike, placeOf, type ServedDrive } from './served-drive';
import type { DriveSpace } from './storage/drive-storage';
import { PosixDriveStorage } from './storage/posix-drive-storage.adapter';

const DEFAULT_NAME = 'Files';
const DEFAULT_FOLDER = 'files';
/** Where personal drives lie, below DATA_DIR. */
export const HOMES = 'homes/';
/** A disk that spins up takes its time; after this it is taken for gone. */
const PATIENCE_MS = 5000;
/** A reader takes a drive that was there a moment ago for there: the disk may go in the middle of any read anyway. */
const SEEN_FOR_MS = 200;
/** Whoever only wants to see how it is does not wait for a disk that hangs. */
const GLANCE_MS = 500;

/** Serves the drives: knows where each lies and whether it is there. Who may do what is said elsewhere. */
@Injectable()
export class DrivesService implements OnModuleInit {
  private drives: readonly ServedDrive[] = [];
  /** Drives of which all listeners have heard. */
  private readonly told = new Set<string>();
  private refreshing: Promise<void> = Promise.resolve();
  private readonly sights = new PatientQuestions<Sight>();
  private readonly spaces = new PatientQuestions<DriveSpace>();
  /** As the listeners were told. */
  private readonly states = new Map<string, DriveState>();
  /** When each was found to be there. */
  private readonly seenAt = new Map<string, number>();
  private readonly listeners = new DriveListeners();
  private onDoubt: () => void = () => undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: DrivesRepository,
    private readonly looks: DriveLooks,
    private readonly owners: NewEntryOwners,
  ) {}

  /** Makes the default drive where there is none, and gets all of them ready to be served. */
  async onModuleInit(): Promise<void> {
    const rows = await this.repository.listAll();
    if (!rows.some((row) => row.isDefault)) await this.createDefault();
    await this.serveAll();
  }

  /** Whoever keeps something of each drive hears here of one that is new. */
  onAdded(listener: DriveListener): void {
    this.listeners.added.push(listener);
  }

  /** And here of one that is served in another way: its name, what it leaves out, whether it is written to. */
  onChanged(listener: DriveListener): void {
    this.listeners.changed.push(listener);
  }

  /** And here of one that is not served any more. */
  onForgotten(listener: ForgottenListener): void {
    this.listeners.forgotten.push(listener);
  }

  /** And here of one that was unplugged, or is there again. */
  onStateChanged(listener: StateListener): void {
    this.listeners.stateChanged.push(listener);
  }

  /** Whoever keeps the states hears here of a drive that was not found as it was: they look at once. */
  onDoubtfulState(listener: () => void): void {
    this.onDoubt = listener;
  }

  /** Takes up what was added, changed and forgotten meanwhile, by this process or another. */
  async serveAll(): Promise<void> {
    const refreshed = this.refreshing.then(() => this.refresh());
    this.refreshing = refreshed.catch(() => undefined); // told to whoever asked for it
    return refreshed;
  }

  /** All drives, the default one first, then by name: for whoever looks after them, not for callers. */
  list(): readonly ServedDrive[] {
    return this.drives;
  }

  /** A drive that is known to be there, such as that of an entry. @throws DriveNotFoundError (404) */
  async find(id: string): Promise<ServedDrive> {
    const known = this.drives.find((drive) => drive.id === id);
    if (known !== undefined) return known;
    await this.serveAll();
    const drive = this.drives.find((candidate) => candidate.id === id);
    if (drive === undefined) throw new DriveNotFoundError();
    return drive;
  }

  /** @throws DriveOfflineError (503) */
  async requireOnline(drive: ServedDrive): Promise<void> {
    if ((await this.stateOf(drive.id)) !== 'online') throw new DriveOfflineError(drive.name);
  }

  /** The same for a read, for which a look a moment ago does. @throws DriveOfflineError (503) */
  async requireSeen(drive: ServedDrive): Promise<void> {
    const seenAt = this.seenAt.get(drive.id) ?? -Infinity;
    if (performance.now() - seenAt > SEEN_FOR_MS) await this.requireOnline(drive);
  }

  /** @throws DriveOfflineError (503), DriveReadOnlyError (403) */
  async requireWritable(drive: ServedDrive): Promise<void> {
    if (drive.readOnly) throw new DriveReadOnlyError(drive.name);
    await this.requireOnline(drive);
  }

  /** Whether a drive is there, looked up at this moment. @throws DriveNotFoundError (404) */
  async stateOf(id: string): Promise<DriveState> {
    const drive = await this.find(id);
    const lookedAt = performance.now();
    const { state } = await this.see(drive);
    if (state === 'online') this.seenAt.set(id, lookedAt);
    else this.seenAt.delete(id);
    if (state !== this.toldState(drive)) this.onDoubt();
    return state;
  }

  /** The same for whoever only shows it: of a disk that hangs, what is known of it. */
  async glimpseState(drive: ServedDrive): Promise<DriveState> {
    const sight = await this.sights.ask(drive.id, () => this.looks.look(drive), GLANCE_MS);
    return sight?.state ?? this.states.get(drive.id) ?? drive.state;
  }

  /** Looks at a drive; one that does not answer is offline. */
  async see(drive: ServedDrive): Promise<Sight> {
    const sight = await this.sights.ask(drive.id, () => this.looks.look(drive), PATIENCE_MS);
    return sight ?? { state: 'offline', identity: null };
  }

  /** As the listeners were told last: at first they take a drive to be there. */
  toldState(drive: ServedDrive): DriveState {
    return this.states.get(drive.id) ?? 'online';
  }

  /** Tells in this process, once, that the state of a drive has changed. */
  async tellState(drive: ServedDrive, state: DriveState): Promise<void> {
    if (this.toldState(drive) === state) return;
    this.states.set(drive.id, state);
    await tellAll(this.listeners.stateChanged, drive, state);
  }

  /** What the filesystem of a drive has; null while it is away, or does not answer. */
  async spaceOf(drive: ServedDrive): Promise<DriveSpace | null> {
    try {
      return await this.spaces.ask(drive.id, () => drive.storage.space(), GLANCE_MS);
    } catch (error) {
      if (error instanceof DriveOfflineError) return null;
      throw error;
    }
  }

  private async refresh(): Promise<void> {
    const rows = await this.repository.listAll();
    const former = new Map(this.drives.map((drive) => [drive.id, drive]));
    const served: ServedDrive[] = [];
    const changed: ServedDrive[] = [];
    for (const row of rows) {
      const known = former.get(row.id);
      former.delete(row.id);
      const isAlike = known !== undefined && isServedAlike(known, row);
      const drive = isAlike ? { ...known, ...row } : await this.locate(row);
      served.push(drive);
      if (!isAlike && this.told.has(row.id)) changed.push(drive);
    }
    this.drives = served;
    await this.tell({ changed, forgotten: [...former.keys()] });
  }

  private async tell(news: { changed: ServedDrive[]; forgotten: string[] }): Promise<void> {
    for (const drive of this.drives) {
      if (this.told.has(drive.id)) continue;
      await tellAll(this.listeners.added, drive);
      this.told.add(drive.id);
    }
    for (const drive of news.changed) await tellAll(this.listeners.changed, drive);
    for (const id of news.forgotten) {
      this.told.delete(id);
      this.states.delete(id);
      await tellAll(this.listeners.forgotten, id);
    }
  }

  private async locate(row: DriveRow): Promise<ServedDrive> {
    const place = placeOf(row, this.config.dataDir);
    const made = await this.owners.of(row);
    const storage = new PosixDriveStorage(row.name, place, row.readOnly, made);
    return { ...row, place, storage, isPersonal: row.folder?.startsWith(HOMES) ?? false };
  }

  /** A folder that bears a marker already, from a database that was lost, keeps its id. */
  private async createDefault(): Promise<void> {
    const root = path.join(this.config.dataDir, DEFAULT_FOLDER);
    const marker = await readMarker(root);
    const id = marker.kind === 'marked' ? marker.id : uuid7();
    // The marker first: a start that fails in between finds it, and takes up its id.
    if (marker.kind !== 'marked') await writeMarker(root, id);
    await this.repository.insertDefault({
      id,
      name: DEFAULT_NAME,
      rootFolderId: uuid7(),
      folder: DEFAULT_FOLDER,
    });
  }
}
