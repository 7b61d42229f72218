import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import type { FilePage } from '@homeserver/dto';
import { Observable, Subject } from 'rxjs';

import { FilesApi, type PageRequest } from '../files-api';
import { pageOf, sampleFile, sampleFiles, sampleScope } from '../testing/sample-file';
import { type Departure, FileListStore } from './file-list-store';
import type { ListScope } from './list-changes';

/** A request that waits for its answer. */
interface Request {
  readonly scope: ListScope;
  readonly page: PageRequest;
  readonly answer: Subject<FilePage>;
  isDropped: boolean;
}

class SlowServer {
  files = sampleFiles(2500);
  readonly requests: Request[] = [];

  list(scope: ListScope, page: PageRequest): Observable<FilePage> {
    const answer = new Subject<FilePage>();
    const request: Request = { scope, page, answer, isDropped: false };
    this.requests.push(request);
    return new Observable((subscriber) => {
      const subscription = answer.subscribe(subscriber);
      return () => {
        request.isDropped = true;
        subscription.unsubscribe();
      };
    });
  }

  get last(): Request {
    const request = this.requests.at(-1);
    if (request === undefined) throw new Error('Nothing was asked for.');
    return request;
  }

  answer(request = this.last): void {
    request.answer.next(pageOf(this.files, request.page.limit, request.page.cursor));
  }

  fail(request = this.last): void {
    request.answer.error(new HttpErrorResponse({ status: 0 }));
  }
}

describe('FileListStore', () => {
  let server: SlowServer;
  let store: FileListStore;

  beforeEach(() => {
    server = new SlowServer();
    TestBed.configureTestingModule({
      providers: [FileListStore, { provide: FilesApi, useValue: server }],
    });
    store = TestBed.inject(FileListStore);
  });

  const names = () => store.rows().map((row) => row.filename);

  it('should know the length of the list when its first page is there', () => {
    store.show(sampleScope());
    expect(server.last.page).toEqual({ limit: 200, cursor: null });
    server.answer();
    expect(store.total()).toBe(2500);
    expect(store.rows()).toHaveLength(200);
    expect(store.status()).toBe('ready');
  });

  it('should load ahead of what is in sight, and no further', () => {
    store.show(sampleScope());
    server.answer();
    store.keepAhead(30);
    expect(server.last.page).toEqual({ limit: 500, cursor: '200' });
    server.answer();
    expect(store.rows()).toHaveLength(700);
    expect(server.requests).toHaveLength(2);
  });

  it('should catch up in large pages when something far down is in sight', () => {
    store.show(sampleScope());
    server.answer();
    store.keepAhead(2400);
    server.answer();
    server.answer();
    server.answer();
    expect(server.requests.map(({ page }) => page.limit)).toEqual([200, 500, 1000, 1000]);
    expect(names().at(-1)).toBe('file 2500');
    expect(store.isComplete()).toBe(true);
  });

  it('should load no further when what was far down is out of sight again', () => {
    store.show(sampleScope());
    server.answer();
    store.keepAhead(2400);
    store.keepAhead(20);
    server.answer();
    expect(server.requests).toHaveLength(2);
  });

  it('should ask again when it is to be reloaded before the list has come', () => {
    store.show(sampleScope());
    store.reload();
    expect(server.requests).toHaveLength(1);
    server.files = sampleFiles(3);
    server.answer();
    expect(server.requests).toHaveLength(2);
    server.files = sampleFiles(4);
    server.answer();
    expect(store.total()).toBe(4);
    expect(server.requests).toHaveLength(2);
  });

  it('should drop an answer when another list was asked for meanwhile', () => {
    store.show(sampleScope());
    const first = server.last;
    store.show(sampleScope({ text: 'img' }));
    expect(first.isDropped).toBe(true);
    server.answer();
    first.answer.next(pageOf([sampleFile('old')], 1, null));
    expect(store.scope()?.view.text).toBe('img');
    expect(store.rows()).toHaveLength(200);
  });

  it('should keep the rows before in sight while another order is on its way', () => {
    store.show(sampleScope());
    server.answer();
    store.show(sampleScope({ sort: 'size' }));
    expect(store.rows()).toHaveLength(200);
    expect(store.status()).toBe('loading');
    server.files = [sampleFile('only')];
    server.answer();
    expect(names()).toEqual(['only']);
  });

  it('should say why when the list does not come, and bring it when it is asked for again', () => {
    store.show(sampleScope());
    server.fail();
    expect(store.status()).toBe('failed');
    expect(store.problem()?.code).toBe('web.unreachable');
    store.reload();
    server.answer();
    expect(store.status()).toBe('ready');
    expect(store.problem()).toBeNull();
  });

  it('should keep the rows when the next page does not come', () => {
    store.show(sampleScope());
    server.answer();
    store.keepAhead(100);
    server.fail();
    expect(store.status()).toBe('ready');
    expect(store.rows()).toHaveLength(200);
    expect(store.restProblem()?.code).toBe('web.unreachable');
  });

  it('should change the rows only when all of them have come anew', () => {
    store.show(sampleScope());
    server.answer();
    store.keepAhead(1400);
    server.answer();
    server.answer();
    expect(store.rows()).toHaveLength(1700);
    server.files = sampleFiles(2500).filter((file) => file.filename !== 'file 1');
    store.reload();
    server.answer();
    expect(names()[0]).toBe('file 1');
    server.answer();
    expect(names()[0]).toBe('file 2');
    expect(store.rows()).toHaveLength(2000);
  });

  it('should load as far as it is told when a range ends beyond the loaded rows', async () => {
    store.show(sampleScope());
    server.answer();
    const loaded = store.loadTo(1100);
    server.answer();
    server.answer();
    await expect(loaded).resolves.toBe(true);
    expect(store.rows()).toHaveLength(1200);
  });

  it('should tell those who wait when another list is asked for, or the rows do not come', async () => {
    store.show(sampleScope());
    server.answer();
    const left = store.loadTo(2000);
    store.show(sampleScope({ text: 'x' }));
    await expect(left).resolves.toBe(false);
    server.answer();
    const failed = store.loadTo(2000);
    server.fail();
    await expect(failed).resolves.toBe(false);
  });

  it('should not list a file twice when it moved into the next page', () => {
    store.show(sampleScope());
    server.answer();
    server.files.splice(0, 0, sampleFile('a new one'));
    store.keepAhead(100);
    server.answer();
    expect(new Set(names()).size).toBe(names().length);
  });

  it('should know of a change when the answer that was under way does not yet', () => {
    server.files = [sampleFile('a'), sampleFile('b')];
    store.show(sampleScope());
    server.answer();
    store.reload();
    const answer = pageOf(server.files, 1000, null);
    store.applyNow([{ kind: 'gone', file: sampleFile('a') }]);
    server.last.answer.next(answer);
    expect(names()).toEqual(['b']);
  });

  it('should count anew when something happened behind the loaded rows', () => {
    jest.useFakeTimers();
    store.show(sampleScope());
    server.answer();
    store.keepAhead(-290);
    store.noteChanges([{ kind: 'present', file: sampleFile('zebra') }]);
    jest.advanceTimersByTime(100);
    jest.advanceTimersByTime(500);
    jest.useRealTimers();
    const recount = server.requests.find(({ page }) => page.limit === 1);
    recount?.answer.next({ items: [], nextCursor: '1', total: 2501 });
    expect(store.total()).toBe(2501);
  });

  it('should tell which entries have left, with the rows around them', () => {
    server.files = ['a', 'b', 'c'].map((name) => sampleFile(name));
    store.show(sampleScope());
    server.answer();
    const departures: Departure[] = [];
    store.departures.subscribe((departure) => departures.push(departure));
    store.applyNow([{ kind: 'gone', file: sampleFile('b') }]);
    server.files = [sampleFile('a')];
    store.reload();
    server.answer();
    expect(departures.map(({ ids }) => [...ids])).toEqual([['b'], ['c']]);
    expect(departures[0]?.rowsBefore).toHaveLength(3);
  });

  it('should know no entry that it is only noted something of', () => {
    store.show(sampleScope());
    server.answer();
    const trashed = sampleFile('in the trash', { version: 2 });
    const marked = sampleFile('file 1', { version: 2 });
    store.applyNow([
      { kind: 'noted', file: trashed },
      { kind: 'noted', file: marked },
    ]);
    expect(store.entry(trashed.id)).toBeNull();
    expect(store.entry(marked.id)).toEqual(marked);
  });

  it('should still know an entry when the list is sorted anew, and forget it with another filter', () => {
    server.files = sampleFiles(300);
    store.show(sampleScope());
    server.answer();
    server.files = sampleFiles(300).reverse();
    store.show(sampleScope({ order: 'desc' }));
    server.answer();
    expect(names()).not.toContain('file 1');
    expect(store.entry('file 1')).not.toBeNull();
    server.files = [];
    store.show(sampleScope({ text: 'nothing' }));
    server.answer();
    expect(store.entry('file 1')).toBeNull();
  });
});
