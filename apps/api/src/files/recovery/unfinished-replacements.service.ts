import { Injectable } from '@nestjs/common';

import type { ServedDrive, StoredFile } from '../../drives';
import type { UnfinishedEntry } from '../entries/entry';
import { ReplacementWrites } from '../versions/replacement-writes.service';
import { versionPath } from '../versions/version';

/** What a drive shows of a replacement. */
interface Seen {
  readonly staged: StoredFile | null;
  readonly final: StoredFile | null;
  readonly kept: StoredFile | null;
}

/** What becomes of a replacement that nobody is busy with. */
@Injectable()
export class UnfinishedReplacements {
  constructor(private readonly writes: ReplacementWrites) {}

  /** Finishes it where the staged bytes are there, or have got their name already; else the file is as it was. */
  async settle(entry: UnfinishedEntry, drive: ServedDrive): Promise<void> {
    const { storage } = drive;
    const stagedName = entry.stagedName ?? '';
    const path = entry.storagePath;
    const keptPath = versionPath(entry.id, entry.replacement?.versionId ?? '');
    const seen: Seen = {
      staged: await storage.statStaged(stagedName),
      final: await storage.stat(path),
      kept: await storage.stat(keptPath),
    };
    const canGoOn = seen.staged === null ? isDone(entry, seen) : !isEditedSince(entry, seen);
    // Something else than a file may bear the name by now: it is somebody's.
    const isFree = seen.final !== null || (await storage.look(path)) === null;
    if (!canGoOn || !isFree) return this.writes.undo(entry, drive, { path, keptPath });
    const kept = await storage.replace(stagedName, path, keptPath, 'again');
    await this.writes.finish(entry.id, kept, { cause: null });
    await storage.removeStaged(stagedName);
  }
}

/** Whether bytes that are no longer staged have got the name, and not been lost. */
function isDone({ replacement }: UnfinishedEntry, { final, kept }: Seen): boolean {
  if (final === null) return false;
  // Where the earlier content still bears its name, too, nothing has taken its place.
  if (kept !== null) return kept.inode === null || kept.inode !== final.inode;
  return (
    final.size === replacement?.size &&
    final.modifiedAt.getTime() === Date.parse(replacement.modifiedAt)
  );
}

/**
 * Whether somebody wrote the file anew from outside after its earlier content was kept: that is theirs, and nobody was
 * told that the upload is done.
 */
function isEditedSince(entry: UnfinishedEntry, { final, kept }: Seen): boolean {
  if (final === null || kept === null || final.size === 0) return false;
  if (kept.inode !== null && kept.inode === final.inode) return false;
  return final.size !== entry.size || final.modifiedAt.getTime() !== entry.modifiedAt.getTime();
}
