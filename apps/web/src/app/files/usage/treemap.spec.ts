import { type Rectangle, squarify } from './treemap';

const AREA: Rectangle = { x: 10, y: 20, width: 600, height: 400 };

const areaOf = ({ width, height }: Rectangle) => width * height;

function overlap(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, width) * Math.max(0, height);
}

describe('squarify', () => {
  it('should lay out the example of its authors as they do', () => {
    const area = { x: 0, y: 0, width: 6, height: 4 };

    const rectangles = squarify([6, 6, 4, 3, 2, 2, 1], area);

    expect(rectangles[0]).toEqual({ x: 0, y: 0, width: 3, height: 2 });
    expect(rectangles[1]).toEqual({ x: 0, y: 2, width: 3, height: 2 });
    expect(rectangles[2]?.width).toBeCloseTo(12 / 7);
    expect(rectangles[3]?.height).toBeCloseTo(7 / 3);
  });

  it.each([
    [[5]],
    [[1, 1, 1, 1, 1]],
    [[1000, 10, 1]],
    [Array.from({ length: 40 }, (_, index) => (40 - index) ** 3)],
  ])('should give each size its part of the area, within it and without overlaps', (sizes) => {
    const rectangles = squarify(sizes, AREA);
    const total = sizes.reduce((sum, size) => sum + size, 0);

    for (const [index, rectangle] of rectangles.entries()) {
      expect(areaOf(rectangle)).toBeCloseTo((areaOf(AREA) * (sizes[index] ?? 0)) / total, 4);
      expect(overlap(rectangle, AREA)).toBeCloseTo(areaOf(rectangle), 4);
      for (const other of rectangles.slice(index + 1))
        expect(overlap(rectangle, other)).toBeLessThan(0.01);
    }
    expect(rectangles).toHaveLength(sizes.length);
  });

  it('should keep rectangles near to squares when the sizes allow it', () => {
    const ratios = squarify(
      Array.from({ length: 30 }, () => 1),
      AREA,
    ).map(({ width, height }) => Math.max(width / height, height / width));

    expect(Math.max(...ratios)).toBeLessThan(1.6);
  });

  it('should give nothing an area when nothing has a size', () => {
    expect(squarify([0, 0], AREA).map(areaOf)).toEqual([0, 0]);
    expect(squarify([], AREA)).toEqual([]);
    expect(squarify([3, 0], AREA).map(areaOf)).toEqual([240_000, 0]);
  });

  it('should cope with an area without height', () => {
    expect(squarify([3, 1], { ...AREA, height: 0 }).map(areaOf)).toEqual([0, 0]);
  });
});
