import type { FileMetadata } from '@homeserver/dto';

import { DRIVE_ID, sampleFolder } from '../testing/sample-file';
import { type Branch, branchWith, branchWithout, type Tree, treeRowsOf } from './tree-rows';

const ROOT = { driveId: DRIVE_ID, folderId: 'root', name: 'Files' };

function branchOf(folders: readonly FileMetadata[], values: Partial<Branch> = {}): Branch {
  return { folders, cursor: null, isComplete: true, isFailed: false, ...values };
}

function linesOf(tree: Partial<Tree>): string[] {
  const whole = { roots: [ROOT], branches: new Map(), open: new Set<string>(), ...tree };
  return treeRowsOf(whole).map((row) => {
    const words =
      row.kind === 'folder'
        ? `${row.canOpen ? (row.isOpen ? '- ' : '+ ') : ''}${row.place.name}`
        : row.kind;
    return `${'  '.repeat(row.level - 1)}${words}`;
  });
}

describe('treeRowsOf', () => {
  const pictures = sampleFolder('Pictures', { folderCount: 1 });
  const music = sampleFolder('Music');
  const summer = sampleFolder('Summer');

  it('should show the roots alone when nothing is open', () => {
    expect(linesOf({})).toEqual(['+ Files']);
  });

  it('should show what is in open branches, and whether there is more to open', () => {
    const branches = new Map([
      ['root', branchOf([music, pictures])],
      ['Pictures', branchOf([summer])],
    ]);

    expect(linesOf({ branches, open: new Set(['root']) })).toEqual([
      '- Files',
      '  Music',
      '  + Pictures',
    ]);
    expect(linesOf({ branches, open: new Set(['root', 'Pictures']) })).toEqual([
      '- Files',
      '  Music',
      '  - Pictures',
      '    Summer',
    ]);
  });

  it('should say what is still to come of a branch', () => {
    const open = new Set(['root']);
    const of = (branch: Branch) => linesOf({ branches: new Map([['root', branch]]), open });

    expect(linesOf({ open })).toEqual(['- Files', '  loading']);
    expect(of(branchOf([music], { isComplete: false, cursor: 'c' }))).toEqual([
      '- Files',
      '  Music',
      '  more',
    ]);
    expect(of(branchOf([], { isComplete: false, isFailed: true }))).toEqual([
      '- Files',
      '  failed',
    ]);
  });

  it('should offer nothing to open where a branch turned out empty', () => {
    expect(
      linesOf({ branches: new Map([['root', branchOf([])]]), open: new Set(['root']) }),
    ).toEqual(['Files']);
  });
});

describe('branchWith, branchWithout', () => {
  const branch = branchOf([sampleFolder('b 2'), sampleFolder('b 10')]);

  it('should put a folder in its place, and a known one under its new name', () => {
    const names = (changed: Branch) => changed.folders.map(({ filename }) => filename);

    expect(names(branchWith(branch, [sampleFolder('b 9')]))).toEqual(['b 2', 'b 9', 'b 10']);
    expect(names(branchWith(branch, [sampleFolder('z', { id: 'b 2' })]))).toEqual(['b 10', 'z']);
  });

  it('should leave a branch as it is when the folder is not in it', () => {
    expect(branchWithout(branch, 'other')).toBe(branch);
    expect(branchWithout(branch, 'b 2').folders).toHaveLength(1);
  });
});
