import { errorCode } from '../../../platform/filesystem/error-code';
import type { KnownChildren } from '../../indexing/child-rows';
import type { DiskEntry } from '../../indexing/disk-entry';
import type { DriveRoot } from '../../indexing/drive-root.adapter';
import { exclusionOf, type IsExcluded } from '../../indexing/exclusions';
import { FORBIDDEN, GONE } from '../../indexing/file-reading.adapter';
import { compareFolder, type FolderDifference } from '../../indexing/folder-comparison';
import type { IndexedDrive } from '../../indexing/index-protocol';
import type { CheckStore, FolderPlace } from './check-store.repository';
import { type Finding, findingOf, type FindingKind, type FindingPlace } from './finding';
import { TRASH_PATH } from '../../../platform/filesystem/own-folder';

/** Folders whose rows are asked for together. */
const FOLDERS_AT_ONCE = 100;

/** What one look found, and the folders that it found it in. */
export interface TreeLook {
  readonly findings: Finding[];
  /** To be looked at again. */
  readonly folderIds: string[];
  readonly entryCount: number;
}

/** Compares a tree of folders on the disk with what is known of it, both ways. Changes nothing. */
export class TreeCheck {
  private readonly isExcluded: IsExcluded;

  constructor(
    private readonly place: Extract<FindingPlace, 'files' | 'trash'>,
    private readonly drive: IndexedDrive,
    private readonly root: DriveRoot,
    private readonly store: CheckStore,
  ) {
    this.isExcluded = exclusionOf(drive);
  }

  /** Goes through all that is below a folder. @throws NotThisDriveError, and the errors of the disk */
  async walk(rootId: string, onSeen: (entryCount: number) => void): Promise<TreeLook> {
    const look: TreeLook & { entryCount: number } = { findings: [], folderIds: [], entryCount: 0 };
    const waiting = [rootId];
    while (waiting.length > 0) {
      const ids = waiting.splice(-FOLDERS_AT_ONCE);
      for (const { id, findings, folders, count } of await this.compare(ids)) {
        look.findings.push(...findings);
        if (findings.length > 0) look.folderIds.push(id);
        look.entryCount += count;
        waiting.push(...folders);
      }
      onSeen(look.entryCount);
    }
    return look;
  }

  /** Looks at these folders alone, again. */
  async lookAgain(folderIds: readonly string[]): Promise<Finding[]> {
    const findings: Finding[] = [];
    for (let first = 0; first < folderIds.length; first += FOLDERS_AT_ONCE)
      for (const one of await this.compare(folderIds.slice(first, first + FOLDERS_AT_ONCE)))
        findings.push(...one.findings);
    return findings;
  }

  private async compare(folderIds: readonly string[]) {
    const known = await this.readKnown(folderIds);
    const compared: { id: string; findings: Finding[]; folders: string[]; count: number }[] = [];
    for (const folder of await this.store.findPlaces(folderIds)) {
      const { id } = folder;
      const found = this.readDisk(folder);
      if (found === null) continue;
      if (found === 'unreadable') {
        const findings = [findingOf(this.place, 'unreadable', folder.path)];
        compared.push({ id, findings, folders: [], count: 0 });
        continue;
      }
      const difference = compareFolder(
        known.get(id) ?? { rows: new Map(), busyNames: new Set() },
        found,
      );
      compared.push({
        id,
        findings: this.findingsIn(folder, difference),
        folders: difference.folders
          .filter(({ row }) => row.nature === 'plain')
          .map(({ row }) => row.id),
        count: found.length,
      });
    }
    return compared;
  }

  private async readKnown(folderIds: readonly string[]): Promise<Map<string, KnownChildren>> {
    const { reads } = this.store;
    const known = new Map(
      folderIds.map((id) => [id, { rows: new Map(), busyNames: new Set<string>() }]),
    );
    for (const row of await reads.readChildren(this.drive.driveId, folderIds)) {
      // What is at rest in the trash is compared like what is at rest elsewhere.
      const state = row.state === 'trashed' ? 'live' : row.state;
      known.get(row.parentId)?.rows.set(row.filename, { ...row, state });
    }
    for (const { parentId, filename } of await reads.readBusyNames(folderIds))
      known.get(parentId)?.busyNames.add(filename);
    return known;
  }

  /** null when the folder is gone: it is missed where it lies. */
  private readDisk({ path, formerPath }: FolderPlace): DiskEntry[] | 'unreadable' | null {
    try {
      const folder = this.root.openFolder(path === '' ? [] : path.split('/'));
      try {
        const found: DiskEntry[] = [];
        for (const name of folder.names()) {
          if (this.isLeftOut(name, formerPath)) continue;
          const entry = folder.stat(name);
          if (entry === null) continue;
          const isCrossed = entry.nature === 'mount' && this.drive.crossMounts;
          found.push(isCrossed ? { ...entry, nature: 'plain' } : entry);
        }
        return found;
      } finally {
        folder.close();
      }
    } catch (error) {
      const code = errorCode(error);
      if (GONE.includes(code)) return null;
      if (FORBIDDEN.includes(code) || code === 'EIO') return 'unreadable';
      throw error;
    }
  }

  /** What is in the trash is left out as where it was; what was put there itself bears its id. */
  private isLeftOut(name: string, folderPath: string): boolean {
    if (folderPath === TRASH_PATH) return false;
    return this.isExcluded(name, folderPath === '' ? name : `${folderPath}/${name}`);
  }

  private findingsIn({ path }: FolderPlace, difference: FolderDifference): Finding[] {
    const { added, updates, replaced, vanished } = difference;
    const finding = (kind: FindingKind, name: string) =>
      findingOf(this.place, kind, path === '' ? name : `${path}/${name}`);
    const replacedNames = new Set(replaced.map(({ filename }) => filename));
    return [
      ...vanished.map(({ filename }) => finding('missing', filename)),
      ...added
        .filter(({ name }) => !replacedNames.has(name))
        .map(({ name }) => finding('unknown', name)),
      ...replaced.map(({ filename }) => finding('differs', filename)),
      ...updates
        .filter(({ row, isContentKept }) => row.kind === 'file' && !isContentKept)
        .map(({ row }) => finding('differs', row.filename)),
    ];
  }
}
