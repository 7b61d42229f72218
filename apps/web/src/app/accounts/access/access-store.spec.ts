import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { sampleUser } from '../testing/sample-user';
import { AccessStore } from './access-store';

const GRANTS = '/api/v1/drives/media/grants';
const BEN = { driveId: 'media', userId: 'ben' };
const ANNA = { driveId: 'media', userId: 'anna' };

/** Lets what an answer sets off come about. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

describe('AccessStore', () => {
  let server: HttpTestingController;
  let store: AccessStore;
  let items: { userId: string; access: string }[];

  function answerGrants(): void {
    server.expectOne({ method: 'GET', url: GRANTS }).flush({ items });
  }

  beforeEach(async () => {
    items = [
      { userId: 'anna', access: 'write' },
      { userId: 'ben', access: 'none' },
    ];
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting(), AccessStore],
    });
    server = TestBed.inject(HttpTestingController);
    store = TestBed.inject(AccessStore);
    const users = [sampleUser('anna'), sampleUser('ben')];
    server
      .expectOne((request) => request.url === '/api/v1/users')
      .flush({ items: users, nextCursor: null });
    const drives = [
      { id: 'media', name: 'Media', ownerId: null },
      { id: 'home', name: 'anna', ownerId: 'anna' },
    ];
    server.expectOne((request) => request.url === '/api/v1/drives').flush({ items: drives });
    await settle();
    answerGrants();
    server.expectOne('/api/v1/drives/home/grants').flush({ items: [] });
    await settle();
  });

  afterEach(() => server.verify());

  it('should tell shared drives from personal ones when they are known', () => {
    expect(store.shared().map((drive) => drive.name)).toEqual(['Media']);
    expect(store.personal().map((drive) => drive.name)).toEqual(['anna']);
    expect(store.accessOf(ANNA)).toBe('write');
  });

  it('should send one line changed in what the server has by then when something is chosen', async () => {
    const changed = store.change(BEN, 'read');
    expect(store.accessOf(BEN)).toBe('read');
    await settle();
    // Another administrator was here meanwhile.
    items = [
      { userId: 'anna', access: 'read' },
      { userId: 'ben', access: 'none' },
    ];
    answerGrants();
    await settle();
    const request = server.expectOne({ method: 'PUT', url: GRANTS });
    request.flush({ items: [] });
    await changed;

    expect(request.request.body).toEqual({
      items: [
        { userId: 'anna', access: 'read' },
        { userId: 'ben', access: 'read' },
      ],
    });
  });

  it('should wait for the change before when two are made on one drive', async () => {
    const both = [store.change(BEN, 'read'), store.change(ANNA, 'read')];
    await settle();
    answerGrants();
    await settle();
    server.expectOne({ method: 'PUT', url: GRANTS }).flush({ items: [] });
    await settle();
    answerGrants();
    await settle();
    server.expectOne({ method: 'PUT', url: GRANTS }).flush({ items: [] });

    await Promise.all(both);
    expect(store.accessOf(ANNA)).toBe('read');
  });

  it('should show what was before when the server refuses', async () => {
    const changed = store.change(BEN, 'write');
    await settle();
    server
      .expectOne({ method: 'GET', url: GRANTS })
      .flush({ detail: 'Away.' }, { status: 503, statusText: 'Service Unavailable' });

    await expect(changed).rejects.toMatchObject({ status: 503 });
    expect(store.accessOf(BEN)).toBe('none');
  });
});
