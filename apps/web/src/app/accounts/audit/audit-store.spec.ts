import { provideHttpClient } from '@angular/common/http';
import {
  HttpTestingController,
  provideHttpClientTesting,
  type TestRequest,
} from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { AuditStore } from './audit-store';

describe('AuditStore', () => {
  let server: HttpTestingController;
  let store: AuditStore;

  function asked(): TestRequest {
    return server.expectOne((request) => request.url === '/api/v1/audit');
  }

  function ids(): readonly string[] | undefined {
    return store.entries()?.map((entry) => entry.id);
  }

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), AuditStore],
    });
    server = TestBed.inject(HttpTestingController);
    store = TestBed.inject(AuditStore);
  });

  afterEach(() => server.verify());

  it('should ask for what is filtered when a filter is chosen', async () => {
    const shown = store.show({ types: ['homeserver.file.*'], actorId: 'a' });

    const { request } = asked();
    expect(request.params.get('types')).toBe('homeserver.file.*');
    expect(request.params.get('actorId')).toBe('a');
    void shown;
  });

  it('should add older entries below when they are asked for', async () => {
    const shown = store.show({ types: [], actorId: null });
    asked().flush({ items: [{ id: '3' }, { id: '2' }], nextCursor: 'older' });
    await shown;

    const more = store.more();
    expect(store.isLoadingMore()).toBe(true);
    const request = asked();
    expect(request.request.params.get('cursor')).toBe('older');
    request.flush({ items: [{ id: '1' }], nextCursor: null });
    await more;

    expect(ids()).toEqual(['3', '2', '1']);
    expect(store.hasMore()).toBe(false);
  });

  it('should keep what is shown and say why when older entries do not come', async () => {
    const shown = store.show({ types: [], actorId: null });
    asked().flush({ items: [{ id: '3' }], nextCursor: 'older' });
    await shown;

    const more = store.more();
    asked().flush({ detail: 'Away.' }, { status: 503, statusText: 'Service Unavailable' });
    await more;

    expect(ids()).toEqual(['3']);
    expect(store.moreProblem()?.detail).toBe('Away.');
    expect(store.hasMore()).toBe(true);
  });

  it('should leave out what belongs to the filter before when it comes late', async () => {
    const first = store.show({ types: [], actorId: null });
    const late = asked();
    const second = store.show({ types: [], actorId: 'a' });
    asked().flush({ items: [{ id: '2' }], nextCursor: null });
    late.flush({ items: [{ id: '9' }], nextCursor: 'x' });
    await Promise.all([first, second]);

    expect(ids()).toEqual(['2']);
    expect(store.hasMore()).toBe(false);
  });
});
