import type { FileMetadata } from '@homeserver/dto';

import { entryOrder } from '../entries/entry-order';
import type { FolderPlace } from '../files-api';

/** The folders in a folder, as far as they are loaded. */
export interface Branch {
  readonly folders: readonly FileMetadata[];
  /** Of the next page; null before the first, and at the end. */
  readonly cursor: string | null;
  readonly isComplete: boolean;
  readonly isFailed: boolean;
}

/** A line of the tree: a folder, or below the folders of a branch what is still to come of it. */
export type TreeRow =
  | {
      readonly kind: 'folder';
      readonly place: FolderPlace;
      /** From 1 for a root. */
      readonly level: number;
      readonly parentId: string | null;
      /** Whether there is anything to open. */
      readonly canOpen: boolean;
      readonly isOpen: boolean;
    }
  | {
      readonly kind: 'loading' | 'more' | 'failed';
      /** Of which branch. */
      readonly parentId: string;
      readonly level: number;
    };

export interface Tree {
  readonly roots: readonly FolderPlace[];
  readonly branches: ReadonlyMap<string, Branch>;
  readonly open: ReadonlySet<string>;
}

const BY_NAME = entryOrder('name', 'asc');

/** The lines from top to bottom. */
export function treeRowsOf(tree: Tree): readonly TreeRow[] {
  return tree.roots.flatMap((place) =>
    linesOf(tree, { place, parentId: null, level: 1, count: 1 }),
  );
}

/** A branch with some folders in their places, which may be known already. */
export function branchWith(branch: Branch, folders: readonly FileMetadata[]): Branch {
  const byId = new Map([...branch.folders, ...folders].map((folder) => [folder.id, folder]));
  return { ...branch, folders: [...byId.values()].sort(BY_NAME) };
}

export function branchWithout(branch: Branch, id: string): Branch {
  if (!branch.folders.some((folder) => folder.id === id)) return branch;
  return { ...branch, folders: branch.folders.filter((folder) => folder.id !== id) };
}

interface Line {
  readonly place: FolderPlace;
  readonly parentId: string | null;
  readonly level: number;
  /** Folders in it and below, as it was last told. */
  readonly count: number;
}

function linesOf(tree: Tree, { place, parentId, level, count }: Line): TreeRow[] {
  const id = place.folderId;
  const branch = tree.branches.get(id);
  const canOpen = branch?.isComplete === true ? branch.folders.length > 0 : count > 0;
  const isOpen = canOpen && tree.open.has(id);
  const line: TreeRow = { kind: 'folder', place, parentId, level, canOpen, isOpen };
  if (!isOpen) return [line];
  const below = (branch?.folders ?? []).flatMap((folder) =>
    linesOf(tree, {
      place: { driveId: folder.driveId, folderId: folder.id, name: folder.filename },
      parentId: id,
      level: level + 1,
      count: folder.folderCount ?? 0,
    }),
  );
  return [line, ...below, ...restOf(id, branch, level + 1)];
}

function restOf(parentId: string, branch: Branch | undefined, level: number): TreeRow[] {
  if (branch?.isFailed === true) return [{ kind: 'failed', parentId, level }];
  if (branch === undefined || (!branch.isComplete && branch.cursor === null))
    return [{ kind: 'loading', parentId, level }];
  return branch.isComplete ? [] : [{ kind: 'more', parentId, level }];
}
