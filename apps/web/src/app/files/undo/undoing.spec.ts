import { HttpErrorResponse } from '@angular/common/http';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { FileMetadata, PatchFile } from '@homeserver/dto';
import { map, type Observable, of, throwError } from 'rxjs';

import { Dialogs } from '../../core/dialog/dialogs';
import { JobsStore } from '../../core/jobs/jobs-store';
import { Notices } from '../../core/notices';
import { SessionStore } from '../../core/session-store';
import { exampleJob } from '../../core/testing/example-job';
import { BulkWork } from '../actions/bulk-work';
import { FailuresDialog } from '../actions/failures-dialog';
import { FileDeletion } from '../actions/file-deletion';
import { FileRenaming } from '../actions/file-renaming';
import { FreshFiles } from '../actions/fresh-files';
import { TagChanges } from '../actions/tag-changes';
import { FilesApi, type FolderPlace } from '../files-api';
import { FileListStore } from '../listing/file-list-store';
import { DRIVE_ID, FOLDER_ID, sampleFile } from '../testing/sample-file';
import { FileTransfers } from '../transfers/file-transfers';
import { TrashApi } from '../trash/trash-api';
import { Undoing } from './undoing';

const SUMMER = { driveId: DRIVE_ID, folderId: 'summer', name: 'Summer' };

function refusal(status: number, code: string): Observable<never> {
  return throwError(() => new HttpErrorResponse({ status, error: { code, detail: code } }));
}

/** A server with entries that change only for who knows their newest version. */
class SmallServer {
  readonly entries = new Map<string, FileMetadata>();
  readonly trashed = new Map<string, FileMetadata>();
  /** What every change fails with; null when the server is there. */
  away: Error | HttpErrorResponse | null = null;

  /** Whether it does what it is asked for, and its answers are lost. */
  isUnheard = false;
  /** What takes long to be moved. */
  backgroundIds: ReadonlySet<string> = new Set();

  /** Called when something comes out of the trash. */
  restored: () => void = () => undefined;

  entry(id: string): FileMetadata {
    const entry = this.entries.get(id);
    if (entry === undefined) throw new Error(`There is no entry ${id}.`);
    return entry;
  }

  answer(file: FileMetadata): Observable<FileMetadata> {
    return this.isUnheard ? throwError(() => new TypeError('lost')) : of(file);
  }

  put(file: FileMetadata): FileMetadata {
    this.entries.set(file.id, file);
    return file;
  }

  change = (seen: FileMetadata, change: PatchFile): Observable<FileMetadata> => {
    const entry = this.entries.get(seen.id);
    if (this.away !== null) return throwError(() => this.away);
    if (entry === undefined) return refusal(404, 'files.not_found');
    if (entry.version !== seen.version) return refusal(412, 'files.stale');
    return this.answer(this.put({ ...entry, ...change, version: entry.version + 1 }));
  };

  readonly move = (seen: FileMetadata, { folderId }: FolderPlace) =>
    this.backgroundIds.has(seen.id)
      ? of({ kind: 'job', job: exampleJob() })
      : this.change(seen, { parentId: folderId }).pipe(map((file) => ({ kind: 'file', file })));

  readonly trash = (id: string) => {
    this.trashed.set(id, this.entry(id));
    this.entries.delete(id);
    return of(undefined);
  };

  readonly deleteForGood = (id: string) => {
    this.entries.delete(id);
    return of(undefined);
  };

  readonly copy = (id: string, { folderId }: FolderPlace) => {
    const file = this.put({ ...this.entry(id), id: `copy of ${id}`, parentId: folderId });
    return of({ kind: 'file', file });
  };

  readonly restore = (id: string) => {
    const file = this.trashed.get(id);
    if (file === undefined) return refusal(404, 'files.not_found');
    this.restored();
    this.trashed.delete(id);
    return this.answer(this.put({ ...file, version: file.version + 2 }));
  };

  readonly metadata = (id: string) => of({ ...this.entry(id), ancestors: [] });
}

async function settled(): Promise<void> {
  for (let turn = 0; turn < 60; turn += 1) await Promise.resolve();
}

describe('Undoing', () => {
  let server: SmallServer;
  let said: string[];
  let offered: { readonly action: string; readonly act: () => void } | null;
  let reported: object[];
  let undoing: Undoing;

  beforeEach(() => {
    server = new SmallServer();
    for (const name of ['a', 'b']) server.put(sampleFile(name));
    [said, reported, offered] = [[], [], null];
    const offer = (words: string, action: string, act: () => void) => {
      said.push(words);
      offered = { action, act };
    };
    const notices = {
      say: (words: string) => {
        said.push(words);
        offered = null;
      },
      offer,
      offerUndo: (words: string, act: () => void) => offer(words, 'Undo', act),
    };
    const dialogs = {
      ask: (component: unknown, data: object) => {
        if (component !== FailuresDialog) return Promise.resolve(true);
        return Promise.resolve(reported.push(data));
      },
    };
    TestBed.configureTestingModule({
      providers: [
        BulkWork,
        FileDeletion,
        FileListStore,
        FileRenaming,
        FileTransfers,
        FreshFiles,
        TagChanges,
        Undoing,
        { provide: Dialogs, useValue: dialogs },
        { provide: FilesApi, useValue: server },
        { provide: JobsStore, useValue: { add: () => undefined } },
        { provide: Notices, useValue: notices },
        { provide: SessionStore, useValue: { user: signal({ id: 'anna' }) } },
        { provide: TrashApi, useValue: server },
      ],
    });
    undoing = TestBed.inject(Undoing);
  });

  const rename = (id: string, filename: string) =>
    TestBed.inject(FileRenaming).rename(server.entry(id), filename);
  const tag = (id: string, tags: readonly string[]) =>
    TestBed.inject(TagChanges).set(server.entry(id), tags);
  const move = (id: string) => TestBed.inject(FileTransfers).move([server.entry(id)], SUMMER);
  const copy = (id: string) => TestBed.inject(FileTransfers).copy([server.entry(id)], SUMMER);
  const deleteForGood = (id: string) =>
    TestBed.inject(FileDeletion).deleteForGood([server.entry(id)]);
  const trash = (id: string) => TestBed.inject(FileDeletion).trash([server.entry(id)]);

  it('should undo all that was done to one file, one after the other, the newest first', async () => {
    await rename('a', 'z');
    await tag('a', ['new']);
    await move('a');
    await trash('a');
    said = [];

    await undoing.undoNewest();
    expect(server.entry('a')).toMatchObject({ parentId: 'summer', tags: ['new'], filename: 'z' });
    await undoing.undoNewest();
    expect(server.entry('a')).toMatchObject({ parentId: FOLDER_ID, tags: ['new'] });
    await undoing.undoNewest();
    expect(server.entry('a')).toMatchObject({ tags: [], filename: 'z' });
    await undoing.undoNewest();
    expect(server.entry('a')).toMatchObject({ filename: 'a' });
    await undoing.undoNewest();

    expect(reported).toEqual([]);
    expect(said).toEqual([
      '“z” restored from the trash. Before that: “z” moved to Summer.',
      '“z” moved back. Before that: Tag “new” added.',
      'The tags of “z” are as before. Before that: “a” is “z” now.',
      '“a” has its old name again.',
      'There is nothing to undo.',
    ]);
  });

  it('should undo the action that the notice names, and then offer the one before', async () => {
    await rename('a', 'y');
    await rename('b', 'z');
    expect(offered?.action).toBe('Undo');
    offered?.act();
    await settled();
    expect(server.entry('b').filename).toBe('b');
    expect(offered?.action).toBe('Undo that too');
    offered?.act();
    await settled();
    expect(server.entry('a').filename).toBe('a');
    expect(offered).toBeNull();
  });

  it('should tell what cannot be undone, once, before it undoes what was done earlier', async () => {
    await rename('a', 'z');
    await copy('b');
    said = [];

    await undoing.undoNewest();
    expect(server.entry('a').filename).toBe('z');
    expect(offered?.action).toBe('Undo that');
    offered?.act();
    await settled();
    expect(server.entry('a').filename).toBe('a');

    expect(said).toEqual([
      '“b” copied to Summer. That cannot be undone: delete the copy instead. Before that: “a” is “z” now.',
      '“a” has its old name again.',
    ]);
  });

  it('should tell at once all that cannot be undone and was done one after the other', async () => {
    await rename('a', 'z');
    await deleteForGood('b');
    await copy('a');
    await undoing.undoNewest();
    expect(said.at(-1)).toMatch(
      /delete the copy instead. Nor can the action before it. Before that: “a” is “z” now.$/,
    );
    await undoing.undoNewest();
    for (let count = 0; count < 3; count += 1) await copy('a');
    await undoing.undoNewest();
    expect(said.at(-1)).toMatch(/delete the copy instead. Nor can the 2 actions before it.$/);
  });

  it('should offer no undo of what cannot be undone after what can', async () => {
    await copy('b');
    await rename('a', 'z');
    await undoing.undoNewest();
    expect(said.at(-1)).toBe('“a” has its old name again.');
    expect(offered).toBeNull();
  });

  it('should undo as many as the key was pressed for, however quickly', async () => {
    await rename('a', 'y');
    await rename('a', 'z');
    await Promise.all([undoing.undoNewest(), undoing.undoNewest()]);
    expect(server.entry('a').filename).toBe('a');
    expect(reported).toEqual([]);
  });

  it('should undo nothing twice when the key and the notice ask for it', async () => {
    await rename('a', 'y');
    await rename('b', 'z');
    const byNotice = offered;
    await undoing.undoNewest();
    byNotice?.act();
    await settled();
    expect([server.entry('a').filename, server.entry('b').filename]).toEqual(['y', 'b']);
    expect(said.at(-1)).toBe('There is nothing left of it to undo.');
  });

  it('should begin nothing that was asked for before an undo was stopped', async () => {
    await rename('a', 'z');
    const ids = Array.from({ length: 20 }, (_, index) => `many ${index}`);
    const many = ids.map((id) => server.put(sampleFile(id)));
    const work = TestBed.inject(BulkWork);
    await TestBed.inject(FileDeletion).trash(many);
    server.restored = () => {
      work.stop();
      server.restored = () => undefined;
    };
    await Promise.all([undoing.undoNewest(), undoing.undoNewest(), undoing.undoNewest()]);
    expect(ids.filter((id) => server.entries.has(id)).length).toBeLessThan(5);
    expect(server.entry('a').filename).toBe('z');
    expect(said.at(-1)).toContain('The rest is not undone yet.');
    expect(offered?.action).toBe('Go on');

    await undoing.undoNewest();
    expect(ids.filter((id) => server.entries.has(id))).toHaveLength(20);
  });

  /** Something else is being done until `end` is called. */
  function beginOtherWork() {
    let release: () => void = () => undefined;
    const done = TestBed.inject(BulkWork).run({
      verb: 'Copying',
      participle: 'copied',
      files: [server.entry('b')],
      act: () => new Promise((resolve) => (release = resolve)),
    });
    const end = async () => {
      release();
      await done;
    };
    return { end };
  }

  it('should say so, and offer what was done last by then, when something else is being done', async () => {
    await rename('a', 'y');
    const { end } = beginOtherWork();
    await undoing.undoNewest();
    expect(server.entry('a').filename).toBe('y');
    expect(said.at(-1)).toMatch(/^Something else is still being done/);
    const byKey = offered;
    await end();
    await rename('b', 'z');
    byKey?.act();
    await settled();
    expect([server.entry('a').filename, server.entry('b').filename]).toEqual(['y', 'b']);
  });

  it('should say so, and offer what the notice named, when something else is being done', async () => {
    await rename('a', 'y');
    const { end } = beginOtherWork();
    offered?.act();
    await settled();
    expect(said.at(-1)).toMatch(/^“a” is “y” now. Something else is still being done/);
    const byNotice = offered;
    await end();
    await rename('b', 'z');
    byNotice?.act();
    await settled();
    expect([server.entry('a').filename, server.entry('b').filename]).toEqual(['a', 'z']);
  });

  it('should tell what someone else has changed since, and go on with what was done before', async () => {
    await rename('a', 'y');
    await rename('b', 'z');
    server.put({ ...server.entry('b'), tags: ['theirs'], version: 9 });
    await undoing.undoNewest();
    expect(reported).toMatchObject([
      { participle: 'given its old name back', failed: [{ problem: { code: 'files.stale' } }] },
    ]);
    await undoing.undoNewest();
    expect([server.entry('a').filename, server.entry('b').filename]).toEqual(['a', 'z']);
  });

  it('should tell what is gone since, and go on with what was done before', async () => {
    await rename('a', 'y');
    await trash('b');
    server.trashed.clear();
    await undoing.undoNewest();
    expect(reported).toMatchObject([{ failed: [{ problem: { code: 'files.not_found' } }] }]);
    await undoing.undoNewest();
    expect(server.entry('a').filename).toBe('a');
  });

  it.each([
    { answered: 'nothing', away: new TypeError('away') },
    { answered: 'a proxy', away: new HttpErrorResponse({ status: 502, error: '<html>' }) },
  ])(
    'should let it be tried again, by the key and the notice, when $answered answered for the server',
    async ({ away }) => {
      await rename('a', 'y');
      await rename('a', 'z');
      server.away = away;
      await undoing.undoNewest();
      expect(reported).toHaveLength(1);
      expect(said.at(-1)).toBe('“y” is “z” now. That is not undone yet.');
      expect(offered?.action).toBe('Try again');
      server.away = null;
      offered?.act();
      await settled();
      expect(server.entry('a').filename).toBe('y');
      server.away = away;
      await undoing.undoNewest();
      server.away = null;
      await undoing.undoNewest();
      expect(server.entry('a').filename).toBe('a');
    },
  );

  it.each([
    { what: 'a name', act: () => rename('b', 'z') },
    { what: 'tags', act: () => tag('b', ['new']) },
    { what: 'a place', act: () => move('b') },
    { what: 'what was in the trash', act: () => trash('b') },
  ])('should take $what as undone when only the answer to that was lost', async ({ act }) => {
    await rename('a', 'y');
    const before = server.entry('b');
    await act();
    server.isUnheard = true;
    await undoing.undoNewest();
    expect(said.at(-1)).toMatch(/ That is not undone yet.$/);
    server.isUnheard = false;
    reported = [];
    await undoing.undoNewest();
    expect(reported).toEqual([]);
    expect(server.entry('b')).toMatchObject({ filename: 'b', tags: [], parentId: FOLDER_ID });
    expect(server.entry('b').version).toBeGreaterThan(before.version);
    expect(said.at(-1)).toMatch(/ Before that: “a” is “y” now.$/);
    await undoing.undoNewest();
    expect(server.entry('a').filename).toBe('a');
  });

  it('should tell what someone else has changed since the answer was lost', async () => {
    await rename('b', 'z');
    server.away = new TypeError('away');
    await undoing.undoNewest();
    server.away = null;
    reported = [];
    server.put({ ...server.entry('b'), filename: 'theirs', version: 9 });
    await undoing.undoNewest();
    expect(reported).toMatchObject([{ failed: [{ problem: { code: 'files.stale' } }] }]);
    expect(server.entry('b').filename).toBe('theirs');
  });

  it('should let be left what failed again, to reach what was done before', async () => {
    await rename('a', 'y');
    await rename('b', 'z');
    server.away = new HttpErrorResponse({ status: 423, error: { code: 'files.busy' } });
    await undoing.undoNewest();
    await undoing.undoNewest();
    server.away = null;
    expect(offered?.action).toBe('Leave it');
    offered?.act();
    expect(said.at(-1)).toBe('“b” is “z” now. That is left as it is. Before that: “a” is “y” now.');
    offered?.act();
    await settled();
    expect([server.entry('a').filename, server.entry('b').filename]).toEqual(['a', 'z']);
  });

  it('should speak of the rest alone when a part was undone', async () => {
    await rename('a', 'z');
    const many = ['1', '2', '3', '4'].map((id) => server.put(sampleFile(id)));
    await TestBed.inject(FileTransfers).move(many, SUMMER);
    const { change } = server;
    const away = refusal(423, 'files.busy');
    server.change = (seen, wanted) => (seen.id > '2' ? away : change(seen, wanted));
    await undoing.undoNewest();
    expect(said.at(-1)).toBe('2 files moved back. The rest is not undone yet.');
    await undoing.undoNewest();
    expect(said.at(-1)).toBe('2 files moved. That is not undone yet.');
    expect(offered?.action).toBe('Leave it');
    offered?.act();
    expect(said.at(-1)).toBe('2 files moved. That is left as it is. Before that: “a” is “z” now.');
  });

  it('should tell what is moved back in the background, and undo nothing else unawares', async () => {
    await rename('b', 'z');
    for (const id of ['1', '2', '3']) server.put(sampleFile(id));
    const many = ['a', '1', '2', '3'].map((id) => server.entry(id));
    await TestBed.inject(FileTransfers).move(many, SUMMER);
    server.backgroundIds = new Set(['1', '2']);
    await undoing.undoNewest();
    const going = '2 files are being moved back in the background.';
    expect(said.at(-1)).toBe(`2 files moved back. ${going}`);
    expect(offered).toBeNull();

    await undoing.undoNewest();
    expect(server.entry('b').filename).toBe('z');
    expect(said.at(-1)).toBe(
      `${going} That cannot be undone: move them again when they are there. Before that: “b” is “z” now.`,
    );
  });

  it('should not offer to leave what fails for now when nothing was done before', async () => {
    await rename('b', 'z');
    server.away = new TypeError('away');
    await undoing.undoNewest();
    await undoing.undoNewest();
    expect(offered?.action).toBe('Try again');
  });
});
