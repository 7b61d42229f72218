interface Syncing {
  /** Begun before whoever comes now has done what it wants on the disk. */
  readonly current: Promise<void>;
  /** Begins when that has ended, for all who came meanwhile. */
  next: Promise<void> | null;
}

/**
 * Many who want the same folder on the disk at the same time: one fsync does for all whose changes it comes after. Each
 * holds the folder open until it has its answer.
 */
export class SharedSyncs {
  private readonly syncing = new Map<string, Syncing>();

  /**
   * @param key of the folder, whoever holds it
   * @param sync begins an fsync; those who share it are told its failure
   */
  async sync(key: string, sync: () => Promise<void>): Promise<void> {
    const underWay = this.syncing.get(key);
    if (underWay === undefined) return this.begin(key, sync);
    underWay.next ??= underWay.current
      .catch(() => undefined) // told to those who wait for it
      .then(() => this.begin(key, sync));
    return underWay.next;
  }

  private begin(key: string, sync: () => Promise<void>): Promise<void> {
    const one: Syncing = { current: sync(), next: null };
    this.syncing.set(key, one);
    const end = () => {
      if (this.syncing.get(key) === one && one.next === null) this.syncing.delete(key);
    };
    one.current.then(end, end);
    return one.current;
  }
}
