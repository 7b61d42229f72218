import { errorCode } from '../../../platform/filesystem/error-code';
import type { DiskEntry } from '../../indexing/disk-entry';
import type { DriveRoot } from '../../indexing/drive-root.adapter';
import { GONE } from '../../indexing/file-reading.adapter';
import type { CheckStore } from './check-store.repository';
import { type Finding, findingOf, type FindingKind } from './finding';
import { OWN_FOLDER } from '../../../platform/filesystem/own-folder';

/** While a server runs, what came so recently may belong to an upload that has no row yet. */
const ON_ITS_WAY_MS = 10 * 60_000;

/** Compares what lies in `.homeserver`, beside the trash, with what is known of it. Changes nothing. */
export class OwnFolderCheck {
  constructor(
    private readonly driveId: string,
    private readonly root: DriveRoot,
    private readonly store: CheckStore,
    private readonly isServed: boolean,
  ) {}

  /** One look: what it finds may be on its way, and is to be looked at again. */
  async look(): Promise<Finding[]> {
    return [
      ...(await this.lookAtStaging()),
      ...(await this.lookAtVersions()),
      ...(await this.lookAtRemoved()),
      ...(await this.lookAtUnfinished()),
    ];
  }

  private async lookAtStaging(): Promise<Finding[]> {
    const staged = new Map(this.read('staging').map((entry) => [entry.name, entry]));
    const needed = await this.store.findNeededStaged(this.driveId);
    const names = new Set(needed.map(({ stagedName }) => stagedName));
    const findings: Finding[] = [];
    for (const { name, modifiedMs } of staged.values()) {
      const isRecent = Date.now() - modifiedMs < ON_ITS_WAY_MS;
      if (names.has(name) || (this.isServed && isRecent)) continue;
      findings.push(findingOf('staging', 'unknown', pathOf('staging', name)));
    }
    for (const { stagedName, leastBytes } of needed) {
      const file = staged.get(stagedName);
      if (leastBytes === 0 || (file !== undefined && file.size >= leastBytes)) continue;
      const kind = file === undefined ? 'missing' : 'differs';
      findings.push(findingOf('staging', kind, pathOf('staging', stagedName)));
    }
    return findings;
  }

  private async lookAtVersions(): Promise<Finding[]> {
    const found = new Map<string, number>();
    for (const folder of this.read('versions'))
      for (const { name, size } of this.read('versions', folder.name))
        found.set(`${folder.name}/${name}`, size);
    const findings: Finding[] = [];
    const finding = (kind: FindingKind, where: string) =>
      findings.push(findingOf('versions', kind, pathOf('versions', where)));
    for (const { folder, name, size, isNeeded } of await this.store.findVersions(this.driveId)) {
      const where = `${folder}/${name}`;
      const foundSize = found.get(where);
      found.delete(where);
      if (!isNeeded) continue;
      if (foundSize === undefined) finding('missing', where);
      else if (foundSize !== size) finding('differs', where);
    }
    for (const where of found.keys()) finding('unknown', where);
    return findings;
  }

  private async lookAtRemoved(): Promise<Finding[]> {
    const names = this.read('removed').map(({ name }) => name);
    if (names.length === 0) return [];
    const forgotten = await this.store.findForgottenDiscards(names);
    return forgotten.map((name) => findingOf('removed', 'unknown', pathOf('removed', name)));
  }

  private async lookAtUnfinished(): Promise<Finding[]> {
    const unfinished = await this.store.findUnfinished(this.driveId, !this.isServed);
    return [
      ...unfinished.map(({ path, isTrash }) =>
        findingOf(isTrash ? 'trash' : 'files', 'unfinished', path),
      ),
      ...(await this.store.findLost(this.driveId)).map((name) =>
        findingOf('files', 'missing', name),
      ),
    ];
  }

  private read(...names: string[]): DiskEntry[] {
    try {
      const folder = this.root.openFolder([OWN_FOLDER, ...names]);
      try {
        return folder.names().flatMap((entry) => folder.stat(entry) ?? []);
      } finally {
        folder.close();
      }
    } catch (error) {
      // A drive that is only read has none of these.
      if (GONE.includes(errorCode(error))) return [];
      throw error;
    }
  }
}

function pathOf(folder: string, name: string): string {
  return `${OWN_FOLDER}/${folder}/${name}`;
}
