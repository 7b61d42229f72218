import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';

import { DrivesStore } from './drives-store';
import { exampleDrive } from './testing/example-drive';

const DRIVE = exampleDrive({ id: 'd1' });

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

  it('should look often while a drive is being indexed, and no longer than that', async () => {
    jest.useFakeTimers();
    const store = TestBed.inject(DrivesStore);
    const answer = (drive: unknown) => {
      for (const request of server.match('/api/v1/drives'))
        request.flush({ items: [drive], nextCursor: null });
    };
    answer({ ...DRIVE, index: { ...DRIVE.index, state: 'scanning', scannedCount: 5 } });
    await jest.advanceTimersByTimeAsync(2000);

    answer(DRIVE);
    await jest.advanceTimersByTimeAsync(2000);

    expect(store.drives()).toEqual([DRIVE]);
    server.expectNone('/api/v1/drives');
    jest.useRealTimers();
  });
});
