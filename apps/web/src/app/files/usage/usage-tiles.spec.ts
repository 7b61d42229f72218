import type { UsageNode } from '@homeserver/dto';

import { partsOf, percentText, tilesOf, wordsOf } from './usage-tiles';

const AREA = { x: 0, y: 0, width: 800, height: 500 };

function nodeOf(filename: string, size: number, values: Partial<UsageNode> = {}): UsageNode {
  return {
    id: filename,
    filename,
    kind: 'file',
    contentType: 'video/mp4',
    size,
    fileCount: 1,
    children: [],
    rest: null,
    ...values,
  };
}

function folderOf(name: string, children: readonly UsageNode[], rest = 0): UsageNode {
  const size = children.reduce((sum, child) => sum + child.size, rest);
  return nodeOf(name, size, {
    kind: 'folder',
    contentType: null,
    children: [...children],
    rest: rest === 0 ? null : { entryCount: 7, size: rest },
  });
}

const ROOT = folderOf(
  'Files',
  [
    folderOf('Films', [nodeOf('a.mp4', 500), nodeOf('b.mp4', 100)]),
    nodeOf('c.pdf', 300, { contentType: 'application/pdf' }),
  ],
  100,
);

describe('partsOf', () => {
  it('should tell what each part is and how much of the whole', () => {
    const parts = partsOf(ROOT);

    expect(parts.map(({ name, family, share }) => [name, family, share])).toEqual([
      ['Films', 'folder', 0.6],
      ['c.pdf', 'documents', 0.3],
      ['7 smaller entries', 'other', 0.1],
    ]);
    expect(parts[0]?.children.map(({ family, share }) => [family, share])).toEqual([
      ['films', 0.5],
      ['films', 0.1],
    ]);
  });

  it('should tell no share when there is nothing', () => {
    expect(partsOf(folderOf('Files', [nodeOf('empty', 0)]))[0]?.share).toBe(0);
  });
});

describe('tilesOf', () => {
  it('should place what is in a folder inside its tile, below its name', () => {
    const [films] = tilesOf(partsOf(ROOT), AREA);

    expect(films?.hasLabel).toBe(true);
    for (const { place } of films?.children ?? []) {
      expect(place.x).toBeGreaterThan(0);
      expect(place.y).toBeGreaterThan(20);
      expect(place.x + place.width).toBeLessThan(films?.place.width ?? 0);
      expect(place.y + place.height).toBeLessThan(films?.place.height ?? 0);
    }
  });

  it('should leave out what would be too small to be seen', () => {
    const root = folderOf('Files', [nodeOf('huge', 1e12), nodeOf('tiny', 1)]);

    expect(tilesOf(partsOf(root), AREA).map(({ part }) => part.name)).toEqual(['huge']);
  });

  it('should show nothing when there is no room', () => {
    expect(tilesOf(partsOf(ROOT), { ...AREA, width: 0 })).toEqual([]);
  });
});

describe('wordsOf', () => {
  it('should say it for those who do not see it', () => {
    expect(partsOf(ROOT).map(wordsOf)[0]).toBe('Films, folder, 600\u00a0B, 60\u00a0%');
  });

  it.each([
    [0, '0\u00a0%'],
    [0.004, 'less than 1\u00a0%'],
    [0.126, '13\u00a0%'],
  ])('should tell a share of %s as %s', (share, words) => {
    expect(percentText(share)).toBe(words);
  });
});
