import path from 'node:path';

import type { DriveState } from '@homeserver/dto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';

import { CONFIG, type Config } from '../platform/config/config';
import { uuid7 } from '../platform/database/uuid7';
import { readMarker, writeMarker } from './drive-marker.adapter';
import { DriveNotFoundError, DriveOfflineError, DriveReadOnlyError } from './drives.errors';
import { type DriveRow, DrivesRepository } from './drives.repository';
import type { DriveStorage } from './storage/drive-storage';
import { PosixDriveStorage } from './storage/posix-drive-storage.adapter';

const DEFAULT_NAME = 'Files';
const DEFAULT_FOLDER = 'files';
/** Where personal drives lie, below DATA_DIR. */
export const HOMES = 'homes/';

/** A drive with the means to reach its bytes. */
export interface ServedDrive extends DriveRow {
  /** Of one person, or of one who was deleted. */
  readonly isPersonal: boolean;
  readonly storage: DriveStorage;
}

interface LocatedDrive extends ServedDrive {
  /** The path of its root on the machine. */
  readonly place: string;
}

type AddedListener = (drive: ServedDrive) => Promise<void>;

/** Serves the drives: knows where each lies and whether it is there. Who may do what is said elsewhere. */
@Injectable()
export class DrivesService implements OnModuleInit {
  private drives: readonly LocatedDrive[] = [];
  /** Looks at drives that are under way, shared by all who ask meanwhile. */
  private readonly looks = new Map<string, Promise<DriveState>>();
  private readonly addedListeners: AddedListener[] = [];

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
  onAdded(listener: AddedListener): void {
    this.addedListeners.push(listener);
  }

  /** Takes up drives that were made meanwhile, by this process or another. */
  async serveAll(): Promise<void> {
    const rows = await this.repository.listAll();
    const added: LocatedDrive[] = [];
    const served: LocatedDrive[] = [];
    for (const row of rows) {
      const known = this.drives.find(({ id }) => id === row.id);
      const drive = known === undefined ? await this.locate(row) : { ...known, ...row };
      served.push(drive);
      if (known === undefined) added.push(drive);
    }
    this.drives = served;
    for (const drive of added) {
      for (const listener of this.addedListeners) await listener(drive);
    }
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

  private async locate(row: DriveRow): Promise<LocatedDrive> {
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

async function lookAt({ id, place }: LocatedDrive): Promise<DriveState> {
  const marker = await readMarker(place);
  if (marker.kind === 'marked') return marker.id === id ? 'online' : 'replaced';
  return 'offline';
}
