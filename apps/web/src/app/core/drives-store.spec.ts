import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { DrivesStore } from './drives-store';

const DRIVE = { id: 'd1', name: 'Files', state: 'online' };

describe('DrivesStore', () => {
  let server: HttpTestingController;

  beforeEach(() => {
    TestBed.configureTestingModule({
      providers: [provideHttpClient(), provideHttpClientTesting()],
    });
    server = TestBed.inject(HttpTestingController);
  });

  it('should know the drives when the server has told them', async () => {
    const store = TestBed.inject(DrivesStore);
    expect(store.drives()).toBeNull();

    const loaded = store.load();
    for (const request of server.match('/api/v1/drives'))
      request.flush({ items: [DRIVE], nextCursor: null });
    await loaded;

    expect(store.drives()?.map((drive) => drive.name)).toEqual(['Files']);
  });

  it('should keep what it knew and say why when a later answer fails', async () => {
    const store = TestBed.inject(DrivesStore);
    const first = store.load();
    for (const request of server.match('/api/v1/drives'))
      request.flush({ items: [DRIVE], nextCursor: null });
    await first;

    const second = store.load();
    server
      .expectOne('/api/v1/drives')
      .flush({ detail: 'Away.' }, { status: 503, statusText: 'Service Unavailable' });
    await second;

    expect(store.drives()).toHaveLength(1);
    expect(store.problem()?.detail).toBe('Away.');
  });
});
