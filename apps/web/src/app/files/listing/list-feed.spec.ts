import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Subject } from 'rxjs';

import { DrivesStore } from '../../core/drives-store';
import type { ProblemView } from '../../core/problem';
import type { SocketState } from '../../core/socket-client';
import { DRIVE_ID, FOLDER_ID, PLAIN_VIEW } from '../testing/sample-file';
import { UploadQueue } from '../uploads/upload-queue';
import { UploadTagging } from '../uploads/upload-tagging';
import { FileEvents } from './file-events';
import { FileListStore } from './file-list-store';
import { FilesNavigation } from './files-navigation';
import { ListFeed } from './list-feed';
import { TagStore } from './tag-store';

const PROBLEM: ProblemView = {
  title: 'Away',
  detail: '',
  code: 'web.unreachable',
  requestId: null,
};

describe('ListFeed', () => {
  const state = signal<SocketState>('connecting');
  const problem = signal<ProblemView | null>(null);
  const restProblem = signal<ProblemView | null>(null);
  const drives = signal<readonly object[] | null>(null);
  const driveId = signal<string | null>(null);
  let gaps: Subject<void>;
  let asked: string[];

  beforeEach(() => {
    asked = [];
    gaps = new Subject();
    state.set('connecting');
    problem.set(null);
    restProblem.set(null);
    drives.set([{ id: DRIVE_ID, rootFolderId: FOLDER_ID }]);
    driveId.set(null);
    const list = {
      problem,
      restProblem,
      show: () => asked.push('show'),
      reload: () => asked.push('reload'),
    };
    TestBed.configureTestingModule({
      providers: [
        ListFeed,
        { provide: DrivesStore, useValue: { drives, load: () => asked.push('drives') } },
        { provide: FileEvents, useValue: { changes: new Subject(), gaps, state } },
        { provide: FileListStore, useValue: list },
        { provide: FilesNavigation, useValue: { view: signal(PLAIN_VIEW), driveId } },
        { provide: TagStore, useValue: {} },
        { provide: UploadQueue, useValue: { arrivals: new Subject() } },
        { provide: UploadTagging, useValue: { changed: new Subject() } },
      ],
    });
    TestBed.inject(ListFeed);
    TestBed.tick();
    asked = [];
  });

  function connect(): void {
    state.set('lost');
    TestBed.tick();
    state.set('open');
    TestBed.tick();
  }

  it('should ask for the list again when something may have been missed', () => {
    gaps.next();
    expect(asked).toEqual(['reload']);
  });

  it('should leave the list alone when the connection is back and nothing was missed', () => {
    connect();
    expect(asked).toEqual([]);
  });

  it.each([
    ['the list', problem],
    ['the rest of the list', restProblem],
  ])('should ask again when the connection is back and %s did not come', (_, fault) => {
    fault.set(PROBLEM);
    connect();
    expect(asked).toEqual(['reload']);
  });

  it('should ask for the drives too when the connection is back and they are not known', () => {
    drives.set(null);
    connect();
    expect(asked).toEqual(['drives', 'reload']);
  });

  it('should show the drive of the address, and the default one where that is not to be seen', () => {
    const feed = TestBed.inject(ListFeed);
    drives.set([
      { id: DRIVE_ID, rootFolderId: FOLDER_ID },
      { id: 'own', rootFolderId: 'own-root' },
    ]);
    expect(feed.drive()?.id).toBe(DRIVE_ID);

    driveId.set('own');
    expect(feed.scope()).toMatchObject({ driveId: 'own', folderId: 'own-root' });
    driveId.set('somebody-else');
    expect(feed.drive()?.id).toBe(DRIVE_ID);
  });
});
