/**
 * Which entries are selected, by id, as a file manager keeps it. Never changes itself: each step gives
 * a new one. `anchorId` is where a range begins, `activeId` where the keyboard is.
 */
export class Selection {
  static readonly none = new Selection(new Set(), null, null);

  private constructor(
    readonly ids: ReadonlySet<string>,
    readonly anchorId: string | null,
    readonly activeId: string | null,
  ) {}

  get size(): number {
    return this.ids.size;
  }

  /** This one alone, as by a click. */
  only(id: string): Selection {
    return new Selection(new Set([id]), id, id);
  }

  /** In or out, and the next range begins here, as by a click with Ctrl. */
  toggled(id: string): Selection {
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    return new Selection(ids, id, id);
  }

  /** The range in place of all before, as by a click with Shift. The anchor stays. */
  ranged(range: Iterable<string>, activeId: string): Selection {
    return new Selection(new Set(range), this.anchorId ?? activeId, activeId);
  }

  /** The range in addition, as by a click with Ctrl and Shift. The anchor stays. */
  rangedToo(range: Iterable<string>, activeId: string): Selection {
    return new Selection(new Set([...this.ids, ...range]), this.anchorId ?? activeId, activeId);
  }

  /** These and no others; keyboard and anchor stay. */
  all(ids: Iterable<string>): Selection {
    return new Selection(new Set(ids), this.anchorId, this.activeId);
  }

  /** The keyboard moves, the selection stays. */
  movedTo(id: string | null): Selection {
    return new Selection(this.ids, id ?? this.anchorId, id);
  }

  /** Nothing is selected; the keyboard stays where it is. */
  cleared(): Selection {
    return new Selection(new Set(), this.activeId, this.activeId);
  }

  /** Without entries that are gone; the keyboard goes to `heirId` when its own is among them. */
  without(gone: ReadonlySet<string>, heirId: string | null): Selection {
    const after = (id: string | null) => (id !== null && gone.has(id) ? heirId : id);
    return new Selection(
      new Set([...this.ids].filter((id) => !gone.has(id))),
      after(this.anchorId),
      after(this.activeId),
    );
  }
}
