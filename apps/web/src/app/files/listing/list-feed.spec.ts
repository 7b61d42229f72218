import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { FileDetails } from '@homeserver/dto';
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
import { FolderSizes } from './folder-sizes';
import { FolderStore } from './folder-store';
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
  const folderId = signal<string | null>(null);
  const view = signal(PLAIN_VIEW);
  const details = signal<Partial<FileDetails> | null>(null);
  let gaps: Subject<void>;
  let driveChanges: Subject<void>;
  let asked: string[];

  beforeEach(() => {
    asked = [];
    gaps = new Subject();
    driveChanges = new Subject();
    state.set('connecting');
    problem.set(null);
    restProblem.set(null);
    drives.set([{ id: DRIVE_ID, rootFolderId: FOLDER_ID }]);
    driveId.set(null);
    folderId.set(null);
    view.set(PLAIN_VIEW);
    details.set(null);
    const list = {
      problem,
      restProblem,
      show: () => asked.push('show'),
      reload: () => asked.push('reload'),
    };
    const navigation = {
      view,
      driveId,
      folderId,
      openFolder: ({ drive, folder }: { drive: string; folder: string }) =>
        asked.push(`open ${drive}/${folder}`),
    };
    const folder = { details, show: (id: string) => asked.push(`folder ${id}`), reload: () => 0 };
    TestBed.configureTestingModule({
      providers: [
        ListFeed,
        { provide: DrivesStore, useValue: { drives, load: () => asked.push('drives') } },
        { provide: FileEvents, useValue: { changes: new Subject(), driveChanges, gaps, state } },
        { provide: FileListStore, useValue: list },
        { provide: FolderStore, useValue: folder },
        { provide: FolderSizes, useValue: {} },
        { provide: FilesNavigation, useValue: navigation },
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

  it('should ask for the drives at once when one went away or came back', () => {
    driveChanges.next();
    expect(asked).toEqual(['drives']);
  });

  it('should show the folder of the address, and the root where it names none', () => {
    const feed = TestBed.inject(ListFeed);
    expect(feed.isRoot()).toBe(true);

    folderId.set('summer');
    TestBed.tick();

    expect(feed.scope()).toMatchObject({ folderId: 'summer', path: '' });
    expect(feed.isRoot()).toBe(false);
    expect(asked).toEqual(['folder summer', 'show']);
  });

  it('should wait for where the folder lies when what is below it is asked for', () => {
    const feed = TestBed.inject(ListFeed);
    folderId.set('summer');
    view.set({ ...PLAIN_VIEW, text: 'a' });
    expect(feed.scope()).toBeNull();

    details.set({ id: 'summer', driveId: DRIVE_ID, storagePath: 'Pictures/Summer' });
    expect(feed.scope()).toMatchObject({ path: 'Pictures/Summer' });
  });

  it('should follow a folder to the drive that it lies on now', () => {
    details.set({ id: 'summer', driveId: 'other' });
    TestBed.tick();

    expect(asked).toEqual(['open other/summer']);
  });
});
