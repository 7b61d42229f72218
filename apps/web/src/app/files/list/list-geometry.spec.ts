import { ListGeometry, ROW_HEIGHT } from './list-geometry';

const VIEW = 440;

describe('ListGeometry', () => {
  it('should draw the rows in sight and a few more when it is scrolled', () => {
    const geometry = new ListGeometry(10_000, VIEW);
    expect(geometry.height).toBe(440_000);
    expect(geometry.rangeAt(0)).toEqual({ first: 0, end: 19 });
    expect(geometry.rangeAt(100 * ROW_HEIGHT)).toEqual({ first: 92, end: 119 });
    expect(geometry.rangeAt(440_000 - VIEW)).toEqual({ first: 9982, end: 10_000 });
  });

  it('should draw nothing when there is nothing', () => {
    expect(new ListGeometry(0, VIEW).rangeAt(0)).toEqual({ first: 0, end: 0 });
  });

  it('should scroll as little as needed when a row is to be seen', () => {
    const geometry = new ListGeometry(100, VIEW);
    expect(geometry.scrollTopToReveal(3, 0)).toBe(0);
    expect(geometry.scrollTopToReveal(10, 0)).toBe(ROW_HEIGHT);
    expect(geometry.scrollTopToReveal(2, 500)).toBe(2 * ROW_HEIGHT);
  });

  it('should reach the last row when a list is taller than a browser can draw', () => {
    const geometry = new ListGeometry(1_000_000, VIEW);
    const bottom = geometry.height - VIEW;
    expect(geometry.height).toBe(15_000_000);
    expect(geometry.rangeAt(bottom).end).toBe(1_000_000);
    // Row 999,999 is drawn so that it ends where the scrolling ends.
    const drawnTop = 999_999 * ROW_HEIGHT + geometry.shiftAt(bottom);
    expect(drawnTop + ROW_HEIGHT).toBeCloseTo(geometry.height, 3);
    expect(geometry.scrollTopToReveal(999_999, 0)).toBeCloseTo(bottom, 3);
  });

  it('should not call a list scrollable when only the line below its last row is over', () => {
    expect(new ListGeometry(10, 10 * ROW_HEIGHT - 1).isScrollable).toBe(false);
    expect(new ListGeometry(11, 10 * ROW_HEIGHT).isScrollable).toBe(true);
  });

  it('should keep the rows in place when others come above them', () => {
    expect(new ListGeometry(100, VIEW).scrollTopAfterShift(2, 500)).toBe(588);
    expect(new ListGeometry(100, VIEW).scrollTopAfterShift(-50, 500)).toBe(0);
  });
});
