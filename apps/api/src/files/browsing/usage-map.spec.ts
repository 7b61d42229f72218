import { describe, expect, it } from '@jest/globals';

import { usageMapOf } from './usage-map';
import type { UsageRow } from './usage.repository';

function folder(id: string, values: Partial<UsageRow> = {}): UsageRow {
  return {
    id,
    parentId: null,
    filename: id,
    kind: 'folder',
    contentType: null,
    size: 0,
    fileCount: 0,
    childCount: 0,
    ...values,
  };
}

function file(id: string, size: number): UsageRow {
  return folder(id, { kind: 'file', contentType: 'text/plain', size, fileCount: 1 });
}

describe('usageMapOf', () => {
  it('should add up what is not told one by one', () => {
    const root = folder('root', { size: 100, fileCount: 12, childCount: 12 });

    const map = usageMapOf(root, new Map([['root', [file('a', 60), file('b', 30)]]]));

    expect(map.children.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(map.rest).toEqual({ entryCount: 10, size: 10 });
  });

  it('should leave nothing over when all is told', () => {
    const root = folder('root', { size: 60, fileCount: 1, childCount: 1 });

    expect(usageMapOf(root, new Map([['root', [file('a', 60)]]])).rest).toBeNull();
  });

  it('should tell of a folder at the last level what it holds in all', () => {
    const deep = folder('deep', { size: 40, fileCount: 3, childCount: 2, parentId: 'root' });
    const root = folder('root', { size: 40, fileCount: 3, childCount: 1 });

    const [child] = usageMapOf(root, new Map([['root', [deep]]])).children;

    expect(child).toMatchObject({ children: [], rest: { entryCount: 2, size: 40 } });
  });

  it('should never tell of less than nothing when an entry came between two reads', () => {
    const root = folder('root', { size: 50, fileCount: 1, childCount: 2 });

    const map = usageMapOf(root, new Map([['root', [file('a', 60)]]]));

    expect(map.rest).toEqual({ entryCount: 1, size: 0 });
  });
});
