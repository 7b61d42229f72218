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
import { readMarker, writeMarker } from './drive-marker.adapter';
import { DriveNotFoundError, DriveOfflineError, DriveReadOnlyError } from './drives.errors';
import { type DriveRow, DrivesRepository } from './drives.repository';
import { isServedAlike, type ServedDrive } from './served-drive';
import { PosixDriveStorage } from './storage/posix-drive-storage.adapter';

const DEFAULT_NAME = 'Files';
const DEFAULT_FOLDER = 'files';
/** Where personal drives lie, below DATA_DIR. */
export const HOMES = 'homes/';

/** Serves the drives: knows where each lies and whether it is there. Who may do what is said elsewhere. */
@Injectable()
export class DrivesService implements OnModuleInit {
  private drives: readonly ServedDrive[] = [];
  /** Drives of which all listeners have heard. */
  private readonly told = new Set<string>();
  private refreshing: Promise<void> = Promise.resolve();
  /** Looks at drives that are under way, shared by all who ask meanwhile. */
  private readonly looks = new Map<string, Promise<DriveState>>();
  private readonly listeners = new DriveListeners();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: DrivesRepository,
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

  /** @throws DriveOfflineError (503), DriveReadOnlyError (403) */
  async requireWritable(drive: ServedDrive): Promise<void> {
    if (drive.readOnly) throw new DriveReadOnlyError(drive.name);
    await this.requireOnline(drive);
  }

  async stateOf(id: string): Promise<DriveState> {
    const drive = this.drives.find((candidate) => candidate.id === id);
    if (drive === undefined) throw new DriveNotFoundError();
    const look = this.looks.get(id) ?? lookAt(drive).finally(() => this.looks.delete(id));
    this.looks.set(id, look);
    return look;
  }

  /** What the filesystem of a drive has left, in bytes; null while it is away. */
  async freeBytesOf(drive: ServedDrive): Promise<number | null> {
    try {
      return await drive.storage.freeBytes();
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
      await tellAll(this.listeners.forgotten, id);
    }
  }

  private async locate(row: DriveRow): Promise<ServedDrive> {
    const place = row.root ?? path.join(this.config.dataDir, row.folder ?? DEFAULT_FOLDER);
    const storage = new PosixDriveStorage(row.name, place);
    const marker = await readMarker(place);
    if (marker.kind === 'marked' && marker.id === row.id) await storage.prepare();
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

async function lookAt({ id, place }: ServedDrive): Promise<DriveState> {
  const marker = await readMarker(place);
  if (marker.kind === 'marked') return marker.id === id ? 'online' : 'replaced';
  return 'offline';
}
