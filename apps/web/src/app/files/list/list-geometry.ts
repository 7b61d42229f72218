/** In pixels: that of --row in the tokens. */
export const ROW_HEIGHT = 44;

/** Browsers place nothing reliably beyond 17 million pixels (Firefox) or 33 million (Chromium). */
const TALLEST = 15_000_000;
/** Rows kept ready above and below those in sight. */
const SPARE_ROWS = 8;

/** A part of the rows: from `first` on, up to but without `end`. */
export interface RowRange {
  readonly first: number;
  readonly end: number;
}

/**
 * Where the rows of a list lie inside what scrolls. A list that is too tall for the browser is pressed
 * into what it can scroll: one pixel of scrolling is then several of the list.
 */
export class ListGeometry {
  /** Of what scrolls, in pixels. */
  readonly height: number;
  /** How many rows are drawn at most. */
  readonly drawnCount: number;
  readonly isScrollable: boolean;
  private readonly listHeight: number;
  private readonly pressure: number;

  /** @param viewHeight of the part in sight, in pixels */
  constructor(
    private readonly total: number,
    private readonly viewHeight: number,
  ) {
    this.listHeight = total * ROW_HEIGHT;
    // The line below the last row is laid over the edge of the list.
    this.isScrollable = this.listHeight > viewHeight + 1;
    this.height = Math.min(TALLEST, this.listHeight);
    // One more row than fits: two are cut when none begins at the edge.
    this.drawnCount = Math.ceil(viewHeight / ROW_HEIGHT) + 1 + 2 * SPARE_ROWS;
    this.pressure =
      this.listHeight > TALLEST ? (this.listHeight - viewHeight) / (TALLEST - viewHeight) : 1;
  }

  /** The rows to draw, with some to spare. */
  rangeAt(scrollTop: number): RowRange {
    const top = scrollTop * this.pressure;
    const first = Math.floor(top / ROW_HEIGHT) - SPARE_ROWS;
    const end = first + this.drawnCount;
    return { first: clamp(first, 0, this.total), end: clamp(end, 0, this.total) };
  }

  /** How far the rows are drawn from where they would lie in a list that is not pressed. */
  shiftAt(scrollTop: number): number {
    return scrollTop - scrollTop * this.pressure;
  }

  /** How many rows are wholly in sight. */
  rowsInSight(): number {
    return Math.max(1, Math.floor(this.viewHeight / ROW_HEIGHT));
  }

  /** How far to scroll, at least, so that a row is wholly in sight. */
  scrollTopToReveal(index: number, scrollTop: number): number {
    const top = scrollTop * this.pressure;
    const rowTop = index * ROW_HEIGHT;
    if (rowTop < top) return rowTop / this.pressure;
    const lowest = rowTop + ROW_HEIGHT - this.viewHeight;
    return top < lowest ? lowest / this.pressure : scrollTop;
  }

  /** Where to scroll to when the rows in sight have moved by so many places, so that they seem to stay. */
  scrollTopAfterShift(places: number, scrollTop: number): number {
    return Math.max(0, scrollTop + (places * ROW_HEIGHT) / this.pressure);
  }

  /** The first row of which anything is in sight. */
  firstInSight(scrollTop: number): number {
    return Math.floor((scrollTop * this.pressure) / ROW_HEIGHT);
  }
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}
