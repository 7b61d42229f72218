import { TestBed } from '@angular/core/testing';
import { of } from 'rxjs';

import { SessionEnd } from '../../core/session-end';
import { SessionStore } from '../../core/session-store';
import { FilesApi } from '../files-api';
import { sampleFolder } from '../testing/sample-file';
import { settled, StillTransport } from '../testing/still-transport';
import { type ChosenFile, chosenFrom } from './chosen-file';
import { FormerUploads } from './former-uploads';
import { Frames } from './frames';
import { JournalDatabase } from './journal-database';
import { OtherTabs } from './other-tabs';
import { UploadQueue } from './upload-queue';
import type { UploadRecord } from './upload-record';
import { UploadTransport } from './upload-transport';

const TARGET = { driveId: 'd', folderId: 'f', name: 'Files', tags: [] };
const LAST_MODIFIED = 1_564_765_451_000;

function fileOf(name: string, lastModified = LAST_MODIFIED): File {
  return new File(['content'], name, { lastModified });
}

function sampleChosen(): ChosenFile {
  return { kind: 'file', file: fileOf('a'), folderPath: '', handle: null, root: null };
}

function recordOf(name: string, changes: Partial<UploadRecord> = {}): UploadRecord {
  return {
    id: `id of ${name}`,
    userId: 'anna',
    tabId: 'gone',
    name,
    size: 7,
    lastModified: LAST_MODIFIED,
    folderPath: '',
    target: TARGET,
    tags: ['holiday'],
    conflict: 'rename',
    url: `/api/v1/uploads/${name}`,
    handle: null,
    root: null,
    ...changes,
  };
}

describe('FormerUploads', () => {
  let transport: StillTransport;
  let records: UploadRecord[];
  let removed: string[];
  let busyTabs: string[];
  let made: string[];
  let former: FormerUploads;

  beforeEach(() => {
    transport = new StillTransport();
    [records, removed, busyTabs] = [[], [], []];
    const database = {
      readAll: async () => records,
      write: async (_: unknown, removals: string[]) => {
        removed.push(...removals);
        return true;
      },
    };
    made = [];
    const api = {
      known: () => of({ items: [] }),
      useFolder: (parentId: string | null, name: string) => {
        made.push(`${parentId}/${name}`);
        return of(sampleFolder(name));
      },
    };
    const tabs = { answerAs: () => undefined, find: async () => new Set(busyTabs) };
    TestBed.configureTestingModule({
      providers: [
        { provide: UploadTransport, useValue: transport },
        { provide: JournalDatabase, useValue: database },
        { provide: OtherTabs, useValue: tabs },
        { provide: FilesApi, useValue: api },
        { provide: Frames, useValue: { batched: (draw: () => void) => draw } },
        { provide: SessionStore, useValue: { user: () => ({ id: 'anna' }) } },
        { provide: SessionEnd, useValue: {} },
      ],
    });
    former = TestBed.inject(FormerUploads);
  });

  it('should offer what is left of the same person, beside what other tabs are at work on', async () => {
    records = [recordOf('a'), recordOf('b', { userId: 'berta' }), recordOf('c', { tabId: 'busy' })];
    busyTabs = ['busy'];
    await former.look();
    expect(former.names()).toEqual(['a']);
    expect(former.canOpen()).toBe(false);
  });

  it('should go on where it was when the same file is chosen again, and leave the others', async () => {
    records = [recordOf('a'), recordOf('b')];
    await former.look();
    const others = former.takeOver(
      chosenFrom([fileOf('a'), fileOf('b', 1), fileOf('new')]),
      TARGET,
    );
    await settled();
    expect(others.map((one) => one.kind === 'file' && one.file.name)).toEqual(['b', 'new']);
    expect(transport.sent.map(({ request }) => request)).toMatchObject([
      { url: '/api/v1/uploads/a', tags: ['holiday'], conflict: 'rename', folderId: 'f' },
    ]);
    expect(former.names()).toEqual(['b']);
  });

  it('should leave what is dropped into another folder to that folder', async () => {
    records = [recordOf('a')];
    await former.look();
    const others = former.takeOver(chosenFrom([fileOf('a')]), { ...TARGET, folderId: 'other' });
    expect(others).toHaveLength(1);
    expect(former.takeOver([{ ...sampleChosen(), folderPath: 'Photos' }], TARGET)).toHaveLength(1);
    expect(former.names()).toEqual(['a']);
    former.choose(chosenFrom([fileOf('a')]));
    expect(former.names()).toEqual([]);
  });

  it('should make the folders without anything in them when the first file goes on', async () => {
    records = [recordOf('a'), recordOf('b'), recordOf('Empty', { isFolder: true, url: null })];
    await former.look();
    former.choose([]);
    expect(former.count()).toBe(3);
    former.choose(chosenFrom([fileOf('a')]));
    await settled();
    expect(made).toEqual(['f/Empty']);
    expect(former.names()).toEqual(['b']);
  });

  it('should know of each place when files of several go on at once', async () => {
    const elsewhere = { ...TARGET, folderId: 'other', name: 'Other' };
    records = [recordOf('a'), recordOf('b', { target: elsewhere }), recordOf('c')];
    await former.look();
    former.choose(chosenFrom(['a', 'b', 'c'].map((name) => fileOf(name))));
    const { batches } = TestBed.inject(UploadQueue);
    expect(batches().map(({ target, fileCount }) => [target?.folderId, fileCount()])).toEqual([
      ['f', 2],
      ['other', 1],
    ]);
    expect(batches().every(({ isFilled }) => isFilled)).toBe(true);
  });

  it('should say that none of what was chosen is one of them', async () => {
    records = [recordOf('a')];
    await former.look();
    former.choose(chosenFrom([fileOf('a', 1)]));
    expect(former.isMissed()).toBe(true);
    former.takeOver(chosenFrom([fileOf('a')]), TARGET);
    expect(former.isMissed()).toBe(false);
  });

  it('should go on at a click when the browser can open the files', async () => {
    const asked: string[] = [];
    const root = {
      kind: 'directory' as const,
      name: 'Photos',
      requestPermission: async () => {
        asked.push('Photos');
        return 'granted';
      },
    };
    const handleOf = (name: string) => ({
      kind: 'file' as const,
      name,
      getFile: async () => fileOf(name),
    });
    records = ['a', 'b'].map((name) => recordOf(name, { handle: handleOf(name), root }));
    await former.look();
    expect(former.canOpen()).toBe(true);
    await former.goOn();
    await settled();
    expect(asked).toEqual(['Photos']);
    expect(transport.names()).toEqual(['a', 'b']);
    expect(former.count()).toBe(0);
  });

  it('should ask for the file again when it is not what it was', async () => {
    const handle = { kind: 'file' as const, name: 'a', getFile: async () => fileOf('a', 1) };
    records = [recordOf('a', { handle })];
    await former.look();
    await former.goOn();
    expect(former.names()).toEqual(['a']);
    expect(former.changedCount()).toBe(1);
    expect(transport.sent).toEqual([]);
  });

  it('should keep nothing, here or on the server, when they are to be forgotten', async () => {
    records = [recordOf('a')];
    await former.look();
    former.forget();
    expect(former.count()).toBe(0);
    expect(transport.discarded).toEqual(['/api/v1/uploads/a']);
  });
});
