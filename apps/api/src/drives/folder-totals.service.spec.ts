import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { DataSource } from 'typeorm';

import { FolderTotalsRepository } from './folder-totals.repository';
import { FolderTotals } from './folder-totals.service';

/** Knows of changes only when their transactions have ended. */
class CommittedChanges extends FolderTotalsRepository {
  readonly folded: string[] = [];
  lookCount = 0;
  isLocked = false;
  private committed: string[] = [];

  constructor() {
    // Never connected.
    super(new DataSource({ type: 'postgres' }));
  }

  commit(driveId: string): void {
    this.committed.push(driveId);
  }

  override async findUnfoldedDrives(): Promise<string[]> {
    this.lookCount += 1;
    return Promise.resolve([...this.committed]);
  }

  override async fold(driveId: string): Promise<boolean> {
    if (this.isLocked) return Promise.resolve(false);
    this.folded.push(driveId);
    this.committed = this.committed.filter((id) => id !== driveId);
    return Promise.resolve(true);
  }
}

describe('FolderTotals', () => {
  let changes: CommittedChanges;
  let totals: FolderTotals;

  beforeEach(() => {
    jest.useFakeTimers();
    changes = new CommittedChanges();
    totals = new FolderTotals(changes);
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('should add up a change soon when its transaction has ended', async () => {
    totals.wake();
    changes.commit('drive');

    await jest.advanceTimersByTimeAsync(100);

    expect(changes.folded).toEqual(['drive']);
  });

  it('should add up a change when its transaction ends only after the first look', async () => {
    totals.wake();
    await jest.advanceTimersByTimeAsync(300);
    changes.commit('drive');

    await jest.advanceTimersByTimeAsync(300);

    expect(changes.folded).toEqual(['drive']);
  });

  it('should add up a change when somebody read totals while it was in its transaction', async () => {
    totals.wake();
    for (let reads = 0; reads < 5; reads += 1) await totals.settle();
    changes.commit('drive');

    await jest.advanceTimersByTimeAsync(100);

    expect(changes.folded).toEqual(['drive']);
  });

  it('should add up a change when somebody else changed totals for longer than it looked', async () => {
    changes.isLocked = true;
    changes.commit('drive');
    totals.wake();
    await jest.advanceTimersByTimeAsync(10_000);
    changes.isLocked = false;

    await jest.advanceTimersByTimeAsync(2000);

    expect(changes.folded).toEqual(['drive']);
  });

  it('should look no more when nothing was noted for a while', async () => {
    totals.wake();
    await jest.advanceTimersByTimeAsync(10_000);
    const { lookCount } = changes;

    await jest.advanceTimersByTimeAsync(60_000);
    await totals.settle();

    expect(changes.lookCount).toBe(lookCount);
  });
});
