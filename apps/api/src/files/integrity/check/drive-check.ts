import { setTimeout as delay } from 'node:timers/promises';

import { DriveRoot } from '../../indexing/drive-root.adapter';
import type { IndexedDrive, IndexResult, VerifyWish } from '../../indexing/index-protocol';
import type { FileVerifier } from '../file-verifier';
import type { CheckedDrive, CheckStore } from './check-store.repository';
import { type Finding, findingOf, type FindingPlace, foundTwice } from './finding';
import { OwnFolderCheck } from './own-folder-check';
import { TreeCheck, type TreeLook } from './tree-check';
import { TRASH_PATH, VERSIONS_PATH } from '../../../platform/filesystem/own-folder';

/** After so long a server has taken up what changed, and a write under way is over. */
const PAUSE_MS = 2000;
/** Where the server looks for changes every 30 seconds. */
const PAUSE_WHERE_POLLED_MS = 40_000;
/** Nobody changes anything but other programs. */
const PAUSE_UNSERVED_MS = 300;

/** How a check is done. */
export interface CheckManner {
  /** Whether a server works on the drives at this moment. */
  readonly isServed: boolean;
  /** Whether only names, sizes and times are compared. */
  readonly isQuick: boolean;
}

/** How far a check is: entries that were compared, then bytes that were read. */
export interface CheckProgress {
  readonly unit: 'entries' | 'bytes';
  readonly done: number;
  readonly total: number;
}

/** What a check has found. */
export interface CheckReport {
  readonly entryCount: number;
  readonly readBytes: number;
  readonly findings: readonly Finding[];
}

/** Compares what is known of a drive with what lies on it, and reads all of its files. It repairs nothing. */
export class DriveCheck {
  private readonly root: DriveRoot;

  constructor(
    private readonly checked: CheckedDrive,
    private readonly drive: IndexedDrive,
    private readonly store: CheckStore,
    private readonly verifier: FileVerifier,
    private readonly manner: CheckManner,
  ) {
    this.root = new DriveRoot(drive);
  }

  /** Whether the drive lies where it should. @throws NotThisDriveError, and the system's errors */
  open(): void {
    this.root.open().close();
  }

  /** @throws as `open`, when the drive goes away meanwhile */
  async run(onProgress: (progress: CheckProgress) => void): Promise<CheckReport> {
    const totals = await this.store.readTotals(this.drive.driveId);
    const compared = await this.compare((done) =>
      onProgress({ unit: 'entries', done, total: totals.entryCount }),
    );
    if (this.manner.isQuick) return { ...compared, readBytes: 0 };
    const read = await this.readAll((done) =>
      onProgress({ unit: 'bytes', done, total: totals.bytes }),
    );
    return {
      entryCount: compared.entryCount,
      readBytes: read.bytes,
      findings: [...compared.findings, ...read.findings],
    };
  }

  private async compare(
    onSeen: (entryCount: number) => void,
  ): Promise<Pick<CheckReport, 'entryCount' | 'findings'>> {
    const files = new TreeCheck('files', this.drive, this.root, this.store);
    const trash = new TreeCheck('trash', this.drive, this.root, this.store);
    const own = new OwnFolderCheck(this.drive.driveId, this.root, this.store, this.manner.isServed);
    const first = await files.walk(this.drive.rootFolderId, onSeen);
    const ofTrash = await trash.walk(this.checked.trashFolderId, (count) =>
      onSeen(first.entryCount + count),
    );
    const ofOwn = await own.look();
    await this.pauseBefore([first, ofTrash], ofOwn);
    const findings = [
      ...foundTwice(first.findings, await files.lookAgain(first.folderIds)),
      ...foundTwice(ofTrash.findings, await trash.lookAgain(ofTrash.folderIds)),
      ...(ofOwn.length === 0 ? [] : foundTwice(ofOwn, await own.look())),
    ];
    return {
      entryCount: first.entryCount + ofTrash.entryCount,
      // A drive that is being indexed for the first time has much that is not known yet.
      findings: findings.filter(
        ({ place, kind }) => this.checked.isIndexed || place !== 'files' || kind !== 'unknown',
      ),
    };
  }

  private async pauseBefore(looks: readonly TreeLook[], own: readonly Finding[]): Promise<void> {
    const isSound = own.length === 0 && looks.every(({ findings }) => findings.length === 0);
    if (isSound) return;
    if (!this.manner.isServed) await delay(PAUSE_UNSERVED_MS);
    else await delay(this.checked.watching === 'polling' ? PAUSE_WHERE_POLLED_MS : PAUSE_MS);
  }

  private async readAll(
    onRead: (bytes: number) => void,
  ): Promise<{ bytes: number; findings: Finding[] }> {
    const began = new Date();
    const failed: string[] = [];
    let bytes = 0;
    for (const kind of ['files', 'versions'] as const) {
      let after: string | null = null;
      do {
        const wish: VerifyWish = { of: kind, before: began.toISOString(), after, ids: null };
        const { verified, hasMore }: IndexResult = await this.verifier.verifySome(
          this.drive,
          this.root,
          wish,
          () => undefined,
        );
        failed.push(...(verified?.failed ?? []));
        bytes += verified?.bytes ?? 0;
        onRead(bytes);
        after = hasMore ? (verified?.lastId ?? null) : null;
      } while (after !== null);
    }
    await this.store.setVerified(this.drive.driveId, began);
    const corrupted = await this.store.findCorrupted(this.drive.driveId);
    return {
      bytes,
      findings: [
        ...corrupted.map(({ path, place }) => findingOf(place, 'corrupted', path)),
        ...failed.map((path) => findingOf(placeOfPath(path), 'unreadable', path)),
      ],
    };
  }
}

function placeOfPath(path: string): FindingPlace {
  if (path.startsWith(`${TRASH_PATH}/`)) return 'trash';
  return path.startsWith(`${VERSIONS_PATH}/`) ? 'versions' : 'files';
}
