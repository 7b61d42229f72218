import { provideHttpClient } from '@angular/common/http';
import {
  HttpTestingController,
  provideHttpClientTesting,
  type TestRequest,
} from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { FakeWebSocket } from '../../core/testing/fake-web-socket';
import { exampleEvent } from '../testing/example-events';
import { RecentEventsStore } from './recent-events-store';

const FIRST = exampleEvent({ id: 1, type: 'created', filename: 'A.txt' });
const SECOND = exampleEvent({ id: 2, type: 'deleted', filename: 'B.txt' });

describe('RecentEventsStore', () => {
  let server: HttpTestingController;
  let restore: () => void;

  function requests(): TestRequest[] {
    return server.match((request) => request.url === '/api/v1/events');
  }

  async function settle(): Promise<void> {
    await Promise.resolve();
    await Promise.resolve();
  }

  function subjects(store: RecentEventsStore): string[] | undefined {
    return store.happenings()?.map((happening) => happening.subject);
  }

  beforeEach(() => {
    restore = FakeWebSocket.install();
    TestBed.configureTestingModule({
      providers: [RecentEventsStore, provideHttpClient(), provideHttpClientTesting()],
    });
    server = TestBed.inject(HttpTestingController);
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    restore();
  });

  it('should ask for the newest events first', () => {
    TestBed.inject(RecentEventsStore);

    const [request] = requests();

    expect(request?.request.params.get('order')).toBe('desc');
    expect(request?.request.params.get('types')).toBe(
      'homeserver.file.*,homeserver.user.*,homeserver.drive.*,homeserver.job.*',
    );
  });

  it('should leave out what this page has no words for', async () => {
    const store = TestBed.inject(RecentEventsStore);
    const unknown = { ...SECOND, type: 'homeserver.file.polished' };
    for (const request of requests()) request.flush({ items: [unknown, FIRST], nextCursor: null });
    await settle();
    FakeWebSocket.newest().sendMessage({ ...unknown, id: '3' });
    expect(subjects(store)).toEqual(['A.txt']);
  });

  it('should tell what the log has and what comes over the socket, the newest first', async () => {
    const store = TestBed.inject(RecentEventsStore);
    for (const request of requests()) request.flush({ items: [FIRST], nextCursor: null });
    await settle();

    FakeWebSocket.newest().sendMessage(SECOND);

    expect(subjects(store)).toEqual(['B.txt', 'A.txt']);
  });

  it('should ask for the log again when the socket is open again, so that nothing is missed', () => {
    TestBed.inject(RecentEventsStore);
    requests();

    FakeWebSocket.newest().acceptConnection();

    expect(requests()).toHaveLength(1);
  });

  it('should say why when the log cannot be read', async () => {
    const store = TestBed.inject(RecentEventsStore);

    for (const request of requests())
      request.flush(null, { status: 503, statusText: 'Service Unavailable' });
    await settle();

    expect(store.happenings()).toBeNull();
    expect(store.problem()?.title).toBe('HomeServer does not answer');
  });

  it('should leave out what it has no words for', () => {
    const store = TestBed.inject(RecentEventsStore);

    FakeWebSocket.newest().sendMessage({ type: 'homeserver.drive.polished' });

    expect(store.happenings()).toBeNull();
  });
});
