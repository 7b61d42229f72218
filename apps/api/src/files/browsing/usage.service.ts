import type { UsageNode } from '@homeserver/dto';
import { Injectable } from '@nestjs/common';

import { FolderTotals } from '../../drives';
import type { Actor } from '../../platform/access/actor';
import { EntriesService } from '../entries/entries.service';
import { FileNotFoundError } from '../files.errors';
import { usageMapOf } from './usage-map';
import { UsageRepository, type UsageRow } from './usage.repository';

/** As many as a map can show of one folder. */
const MOST_IN_A_FOLDER = 40;
/** As many as a map can show at all. */
const MOST_NODES = 1000;

/** What takes the room in a folder. */
@Injectable()
export class UsageService {
  constructor(
    private readonly repository: UsageRepository,
    private readonly entries: EntriesService,
    private readonly totals: FolderTotals,
  ) {}

  /**
   * The largest entries of a folder, and of those the largest, as many levels as asked for.
   * @throws FileNotFoundError when it is absent, hidden from the actor, or not a folder
   */
  async readMap(actor: Actor, folderId: string, depth: number): Promise<UsageNode> {
    await this.totals.settle();
    const folder = await this.entries.getFolder(actor, folderId);
    const root = await this.repository.readOne(folder.id);
    // Deleted since.
    if (root === null) throw new FileNotFoundError();
    return usageMapOf(root, await this.readBelow(root, depth));
  }

  /** One read a level; each level has an equal part of the nodes that are left. */
  private async readBelow(root: UsageRow, depth: number): Promise<Map<string, UsageRow[]>> {
    const byFolder = new Map<string, UsageRow[]>();
    let folderIds = [root.id];
    let nodesLeft = MOST_NODES;
    for (let levelsLeft = depth; levelsLeft > 0 && folderIds.length > 0; levelsLeft -= 1) {
      const most = Math.floor(nodesLeft / levelsLeft);
      const bounds = { perFolder: MOST_IN_A_FOLDER, most };
      const rows = await this.repository.readLargest(folderIds, bounds);
      for (const row of rows) addTo(byFolder, row);
      nodesLeft -= rows.length;
      folderIds = rows.filter(({ kind }) => kind === 'folder').map(({ id }) => id);
    }
    return byFolder;
  }
}

function addTo(byFolder: Map<string, UsageRow[]>, row: UsageRow): void {
  if (row.parentId === null) return;
  const known = byFolder.get(row.parentId);
  if (known === undefined) byFolder.set(row.parentId, [row]);
  else known.push(row);
}
