import { TestBed } from '@angular/core/testing';
import type { TrashItem, TrashPage } from '@homeserver/dto';
import { type Observable, of, Subject } from 'rxjs';

import { JobsStore } from '../../core/jobs/jobs-store';
import { sampleFile } from '../testing/sample-file';
import { UndoStack } from '../undo/undo-stack';
import type { PastStep } from '../undo/undo-step';
import { TrashApi } from './trash-api';
import { TrashStore } from './trash-store';

function itemOf(name: string): TrashItem {
  return {
    id: name,
    file: sampleFile(name),
    trashedAt: '2026-08-14T10:00:00.000Z',
    expiresAt: '2026-09-13T10:00:00.000Z',
  };
}

function pageOf(names: readonly string[], nextCursor: string | null): TrashPage {
  return { items: names.map(itemOf), nextCursor };
}

describe('TrashStore', () => {
  let first: TrashPage;
  let older: Subject<TrashPage>;
  let done: PastStep[];
  let store: TrashStore;

  beforeEach(async () => {
    first = pageOf(['a', 'b'], 'after b');
    done = [];
    older = new Subject<TrashPage>();
    const api = {
      list: (cursor: string | null): Observable<TrashPage> => (cursor === null ? of(first) : older),
      restore: (id: string) => of(sampleFile(id)),
      remove: () => of(undefined),
      empty: () => of({ jobs: [] }),
    };
    TestBed.configureTestingModule({
      providers: [
        TrashStore,
        { provide: TrashApi, useValue: api },
        { provide: JobsStore, useValue: {} },
        { provide: UndoStack, useValue: { push: (step: PastStep) => done.push(step) } },
      ],
    });
    store = TestBed.inject(TrashStore);
    await store.trash.load();
  });

  const names = () => store.items()?.map(({ id }) => id);

  async function answerOlder(asked: Promise<void>, page: TrashPage): Promise<void> {
    older.next(page);
    older.complete();
    await asked;
  }

  it('should show what is older below, without what was taken out meanwhile', async () => {
    const asked = store.more();
    await store.restore(itemOf('a'));
    await answerOlder(asked, pageOf(['c'], null));
    expect(names()).toEqual(['b', 'c']);
    expect(store.hasMore()).toBe(false);
  });

  it('should keep in mind what was done, which no key undoes', async () => {
    await store.restore(itemOf('a'));
    await store.remove(itemOf('b'));
    await store.empty({ driveId: 'd', name: 'Family' });
    expect(done).toMatchObject([
      { kind: 'final', words: '“a” was restored from the trash.' },
      { kind: 'final', words: '“b” was deleted for good.', advice: null },
      { kind: 'final', words: 'The trash of “Family” was emptied.', advice: null },
    ]);
  });

  it('should leave out what was asked for below a list that is another one now', async () => {
    const asked = store.more();
    first = pageOf(['new', 'a'], 'after a');
    await store.trash.load();
    await answerOlder(asked, pageOf(['c'], null));
    expect(names()).toEqual(['new', 'a']);
    expect(store.hasMore()).toBe(true);
    expect(store.isLoadingMore()).toBe(false);
  });
});
