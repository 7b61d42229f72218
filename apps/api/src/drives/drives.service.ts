import path from 'node:path';

import type { Drive, DriveState } from '@homeserver/dto';
import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

import { CONFIG, type Config } from '../platform/config/config';
import { uuid7 } from '../platform/database/uuid7';
import { readMarker, writeMarker } from './drive-marker.adapter';
import { DriveNotFoundError, DriveOfflineError, DriveReadOnlyError } from './drives.errors';
import { type DriveRow, DrivesRepository, type TotalsChange } from './drives.repository';
import type { DriveStorage } from './storage/drive-storage';
import { PosixDriveStorage } from './storage/posix-drive-storage.adapter';

const DEFAULT_NAME = 'Files';
const DEFAULT_FOLDER = 'files';
const FOLD_TOTALS_EVERY_MS = 60_000;

/** A drive with the means to reach its bytes. */
export interface ServedDrive extends DriveRow {
  readonly storage: DriveStorage;
}

/** What a drive holds and what is left on it, in bytes; freeBytes is null while it is away. */
export interface DriveUsage {
  readonly driveId: string;
  readonly name: string;
  readonly fileCount: number;
  readonly usedBytes: number;
  readonly freeBytes: number | null;
}

interface LocatedDrive extends ServedDrive {
  readonly root: string;
}

@Injectable()
export class DrivesService implements OnModuleInit, OnApplicationShutdown {
  private drives: readonly LocatedDrive[] = [];
  private foldTimer: NodeJS.Timeout | null = null;
  /** Looks at drives that are under way, shared by all who ask meanwhile. */
  private readonly looks = new Map<string, Promise<DriveState>>();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly repository: DrivesRepository,
  ) {}

  /** Makes the default drive where there is none, and gets all of them ready to be served. */
  async onModuleInit(): Promise<void> {
    const defaultRoot = path.join(this.config.dataDir, DEFAULT_FOLDER);
    let rows = await this.repository.list();
    if (!rows.some((row) => row.isDefault)) {
      await this.createDefault(defaultRoot);
      rows = await this.repository.list();
    }
    const drives = [];
    for (const row of rows) {
      const storage = new PosixDriveStorage(row.name, defaultRoot);
      drives.push({ ...row, root: defaultRoot, storage });
      const marker = await readMarker(defaultRoot);
      if (marker.kind === 'marked' && marker.id === row.id) await storage.prepare();
    }
    this.drives = drives;
    this.foldTimer = setInterval(() => void this.foldTotals(), FOLD_TOTALS_EVERY_MS);
    this.foldTimer.unref();
  }

  onApplicationShutdown(): void {
    if (this.foldTimer !== null) clearInterval(this.foldTimer);
  }

  /** All drives, the default one first, then by name. */
  list(): readonly ServedDrive[] {
    return this.drives;
  }

  /** @throws DomainError `drives.not_found` (404) */
  get(id: string): ServedDrive {
    const drive = this.drives.find((candidate) => candidate.id === id);
    if (drive === undefined) throw new DriveNotFoundError();
    return drive;
  }

  /** Where a write goes that names no drive. */
  getDefault(): ServedDrive {
    const drive = this.drives.find((candidate) => candidate.isDefault);
    if (drive === undefined) throw new DriveNotFoundError();
    return drive;
  }

  /** @throws DomainError `drives.offline` (503) */
  async requireOnline(drive: ServedDrive): Promise<void> {
    if ((await this.stateOf(drive.id)) !== 'online') throw new DriveOfflineError(drive.name);
  }

  /** @throws DomainError `drives.offline` (503), `drives.read_only` (403) */
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

  /** The drives as the contract shows them. */
  async describe(): Promise<Drive[]> {
    const totals = await this.repository.readTotals();
    return Promise.all(
      this.drives.map(async (drive) => {
        const held = totals.find((row) => row.driveId === drive.id);
        const state = await this.stateOf(drive.id);
        const entryCount = held?.childCount ?? 0;
        return {
          id: drive.id,
          name: drive.name,
          rootFolderId: drive.rootFolderId,
          kind: drive.kind,
          state,
          readOnly: drive.readOnly,
          usedBytes: held?.totalBytes ?? 0,
          freeBytes: await freeBytesOf(drive),
          entryCount,
          index: { state: 'idle' as const, scannedCount: entryCount },
        };
      }),
    );
  }

  /** For the statistics: cheap, whatever the number of files. */
  async readUsage(): Promise<DriveUsage[]> {
    const totals = await this.repository.readTotals();
    return Promise.all(
      totals.map(async (row) => ({
        driveId: row.driveId,
        name: row.name,
        fileCount: row.fileCount,
        usedBytes: row.totalBytes,
        freeBytes: await freeBytesOf(this.get(row.driveId)),
      })),
    );
  }

  /** How many entries lie directly in the root of a drive. */
  async countRootEntries(driveId: string): Promise<number> {
    const totals = await this.repository.readTotals();
    return totals.find((row) => row.driveId === driveId)?.childCount ?? 0;
  }

  /** Notes what a folder has more or less, in the transaction that makes it so. */
  async recordChange(change: TotalsChange, manager: EntityManager): Promise<void> {
    await this.repository.appendTotalsChange(change, manager);
  }

  private async foldTotals(): Promise<void> {
    try {
      await this.repository.foldTotalsChanges();
    } catch {
      // The database is away: the changes wait in their table for the next time.
    }
  }

  /** A folder that bears a marker already, from a database that was lost, keeps its id. */
  private async createDefault(root: string): Promise<void> {
    const marker = await readMarker(root);
    const id = marker.kind === 'marked' ? marker.id : uuid7();
    // The marker first: a start that fails in between finds it, and takes up its id.
    if (marker.kind !== 'marked') await writeMarker(root, id);
    await this.repository.insertDefault({ id, name: DEFAULT_NAME, rootFolderId: uuid7() });
  }
}

async function lookAt({ id, root }: LocatedDrive): Promise<DriveState> {
  const marker = await readMarker(root);
  if (marker.kind === 'marked') return marker.id === id ? 'online' : 'replaced';
  return 'offline';
}

async function freeBytesOf(drive: ServedDrive): Promise<number | null> {
  try {
    return await drive.storage.freeBytes();
  } catch (error) {
    if (error instanceof DriveOfflineError) return null;
    throw error;
  }
}
