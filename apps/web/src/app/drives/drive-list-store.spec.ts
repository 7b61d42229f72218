import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { Drive } from '@homeserver/dto';
import { type Observable, of } from 'rxjs';

import { DrivesApi } from '../core/drives-api';
import { DrivesStore } from '../core/drives-store';
import { JobsStore } from '../core/jobs/jobs-store';
import { SessionStore } from '../core/session-store';
import { exampleDrive } from '../core/testing/example-drive';
import { exampleJob } from '../core/testing/example-job';
import { DriveAdminApi } from './drive-admin-api';
import { DriveListStore } from './drive-list-store';

describe('DriveListStore', () => {
  const isAdmin = signal(true);
  let asked: string[];
  let drive = exampleDrive();
  const frame = {
    drives: signal<readonly Drive[] | null>(null),
    load: () => Promise.resolve(asked.push('frame')),
  };

  function called<Answer>(name: string, answer: () => Answer): () => Observable<Answer> {
    return () => {
      asked.push(name);
      return of(answer());
    };
  }

  async function open(): Promise<DriveListStore> {
    const page = () => ({ items: [drive], nextCursor: null });
    const admin = {
      all: called('all', page),
      scan: called('scan', () => exampleJob({ kind: 'scan' })),
      forget: called('forget', () => null),
    };
    TestBed.configureTestingModule({
      providers: [
        DriveListStore,
        { provide: DriveAdminApi, useValue: admin },
        { provide: DrivesApi, useValue: { list: called('list', page) } },
        { provide: DrivesStore, useValue: frame },
        { provide: JobsStore, useValue: { add: () => asked.push('job') } },
        { provide: SessionStore, useValue: { isAdmin } },
      ],
    });
    const store = TestBed.inject(DriveListStore);
    await jest.advanceTimersByTimeAsync(0);
    return store;
  }

  beforeEach(() => {
    jest.useFakeTimers();
    asked = [];
    drive = exampleDrive();
    isAdmin.set(true);
    frame.drives.set(null);
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    jest.useRealTimers();
  });

  it.each([
    [true, 'all'],
    [false, 'list'],
  ])('should ask for what the person may see when an administrator is %s', async (admin, call) => {
    isAdmin.set(admin);

    const store = await open();

    expect(asked).toEqual([call]);
    expect(store.drives()).toEqual([drive]);
  });

  it('should look often while a drive is scanned, and now and then when none is', async () => {
    drive = exampleDrive({ index: { ...drive.index, state: 'scanning' } });
    await open();
    await jest.advanceTimersByTimeAsync(2000);
    expect(asked).toHaveLength(2);

    drive = exampleDrive();
    await jest.advanceTimersByTimeAsync(2000);
    asked = [];
    await jest.advanceTimersByTimeAsync(4900);
    expect(asked).toEqual([]);
    await jest.advanceTimersByTimeAsync(100);
    expect(asked).toEqual(['all']);
  });

  it('should show what it did everywhere', async () => {
    const store = await open();
    asked = [];

    await store.scan('drive-1', true);

    expect(asked).toEqual(['scan', 'job', 'all', 'frame']);
  });

  it('should have the frame look again when it says something else of a drive', async () => {
    frame.drives.set([drive, exampleDrive({ id: 'of-somebody-else', state: 'offline' })]);
    await open();
    expect(asked).toEqual(['all']);
    drive = exampleDrive({ state: 'offline' });

    await jest.advanceTimersByTimeAsync(5000);

    expect(asked).toEqual(['all', 'all', 'frame']);
  });

  it('should ask no more when the page is left', async () => {
    await open();
    TestBed.resetTestingModule();
    asked = [];

    await jest.advanceTimersByTimeAsync(60_000);

    expect(asked).toEqual([]);
  });
});
