import { HttpErrorResponse } from '@angular/common/http';
import { TestBed } from '@angular/core/testing';
import type { FileMetadata } from '@homeserver/dto';
import { of, throwError } from 'rxjs';

import { SessionEnd } from '../../core/session-end';
import { SessionStore } from '../../core/session-store';
import { FilesApi, type KnownFile } from '../files-api';
import { sampleFile, sampleFolder } from '../testing/sample-file';
import { settled, StillTransport } from '../testing/still-transport';
import { type Chosen, chosenFrom } from './chosen-file';
import { ContentHash } from './content-hash';
import { Frames } from './frames';
import { UploadJournal } from './upload-journal';
import { UploadQueue } from './upload-queue';
import { UploadTransport } from './upload-transport';

const TARGET = { driveId: 'd', folderId: 'f', name: 'Files', tags: ['holiday'] };
const TAKEN = {
  kind: 'refused',
  status: 409,
  problem: { title: '', detail: 'Taken.', code: 'files.name_taken', requestId: null },
  retryAfterMs: null,
} as const;

function fileOf(name: string, size = 10): File {
  return new File([new Uint8Array(size)], name);
}

function inFolder(name: string, folderPath: string): Chosen {
  return { kind: 'file', file: fileOf(name), folderPath, handle: null, root: null };
}

const filesOf = (count: number) =>
  chosenFrom(Array.from({ length: count }, (_, index) => fileOf(`f${index}`)));

describe('UploadQueue', () => {
  let transport: StillTransport;
  let queue: UploadQueue;
  let signIn: () => void;
  let user: { readonly id: string };
  let folders: string[];
  let known: FileMetadata[];
  let copies: string[];
  let folderFailure: HttpErrorResponse | null;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    transport = new StillTransport();
    [folders, known, copies, folderFailure] = [[], [], [], null];
    user = { id: 'anna' };
    const untilSignedIn = () => new Promise<void>((resolve) => (signIn = resolve));
    const api = {
      useFolder: (parentId: string | null, name: string) => {
        folders.push(`${parentId}/${name}`);
        return folderFailure === null ? of(sampleFolder(name)) : throwError(() => folderFailure);
      },
      known: ({ filename }: KnownFile) =>
        of({ items: known.filter((one) => filename === undefined || one.filename === filename) }),
      copyAs: (id: string, parentId: string | null, name: string) => {
        copies.push(`${id} ${parentId}/${name}`);
        return of(sampleFile(name));
      },
    };
    TestBed.configureTestingModule({
      providers: [
        { provide: UploadTransport, useValue: transport },
        { provide: FilesApi, useValue: api },
        { provide: ContentHash, useValue: { of: () => Promise.resolve('hash') } },
        { provide: UploadJournal, useValue: { put: () => 0, remove: () => 0, flush: () => 0 } },
        { provide: Frames, useValue: { batched: (draw: () => void) => draw } },
        { provide: SessionStore, useValue: { untilSignedIn, user: () => user } },
        { provide: SessionEnd, useValue: { check: async () => undefined } },
      ],
    });
    queue = TestBed.inject(UploadQueue);
  });

  afterEach(() => jest.useRealTimers());

  async function add(chosen: readonly Chosen[], target: typeof TARGET | null = null) {
    queue.add(chosen, target);
    await settled();
  }

  function row(name: string) {
    const item = queue.rows().find((one) => one.name === name);
    if (item === undefined) throw new Error(`There is no row ${name}.`);
    return item;
  }

  async function pass(milliseconds: number) {
    jest.advanceTimersByTime(milliseconds);
    await settled();
  }

  it('should send four at a time, in their order, when many are added', async () => {
    await add(filesOf(6));
    expect(transport.names()).toEqual(['f0', 'f1', 'f2', 'f3']);
    await transport.store(1);
    expect(transport.names()).toEqual(['f0', 'f1', 'f2', 'f3', 'f4']);
    expect(queue.tally()).toEqual({ doneCount: 1, totalCount: 6, doneBytes: 10, totalBytes: 60 });
  });

  it('should count bytes that are on their way when there is progress', async () => {
    await add(chosenFrom([fileOf('a', 100), fileOf('b', 50)]));
    transport.at(0).progress.onProgress(60);
    expect(queue.sentBytes()).toBe(60);
    await transport.store(1);
    expect(queue.sentBytes()).toBe(110);
  });

  it('should send each with the tags and the place of its batch, and ask when its name is taken', async () => {
    const arrivals: string[] = [];
    queue.arrivals.subscribe(({ id }) => arrivals.push(id));
    await add(chosenFrom([fileOf('a')]), TARGET);
    expect(transport.at(0).request).toMatchObject({
      folderId: 'f',
      tags: ['holiday'],
      conflict: 'fail',
    });
    await transport.store(0);
    expect(arrivals).toEqual(['a']);
  });

  it('should make each folder once when files come in folders', async () => {
    await add([inFolder('1', 'A/B'), inFolder('2', 'A/B'), inFolder('3', 'A')], TARGET);
    expect(folders).toEqual(['f/A', 'A/B']);
    expect(transport.sent.map(({ request }) => request.folderId)).toEqual(['A', 'B', 'B']);
  });

  it('should make folders that are empty, and ask anew for one that could not be made', async () => {
    folderFailure = new HttpErrorResponse({
      status: 409,
      error: { detail: 'A file has the name.' },
    });
    await add([{ kind: 'folder', folderPath: 'A' }], TARGET);
    expect(queue.failed()).toMatchObject([{ name: 'A', reason: 'A file has the name.' }]);
    folderFailure = null;
    queue.retry(queue.failed());
    await settled();
    expect(folders).toEqual(['f/A', 'f/A']);
    expect(queue.tally()).toMatchObject({ doneCount: 1, totalCount: 1 });
  });

  it('should ask once for all when names are taken, while the others go on', async () => {
    await add(filesOf(3), TARGET);
    await transport.at(0).finish(TAKEN);
    await transport.at(1).finish(TAKEN);
    await transport.store(2);
    expect(queue.taken().map(({ name }) => name)).toEqual(['f0', 'f1']);
    queue.decideTaken(queue.taken(), 'rename', true);
    await settled();
    expect(transport.sent.slice(3).map(({ request }) => request.conflict)).toEqual([
      'rename',
      'rename',
    ]);
  });

  it('should do what was decided with names that turn out to be taken later', async () => {
    await add(filesOf(3), TARGET);
    await transport.at(0).finish(TAKEN);
    queue.decideTaken(queue.taken(), 'skip', true);
    await transport.at(1).finish(TAKEN);
    expect(queue.taken()).toEqual([]);
    expect(queue.skippedCount()).toBe(2);
    expect(queue.tally().totalCount).toBe(1);
  });

  it('should offer a copy of what the server has already, and send nothing of it', async () => {
    known = [sampleFile('there', { filename: 'film', sha256: 'hash' })];
    await add(chosenFrom([fileOf('film', 1_048_576)]), TARGET);
    expect(queue.known()).toHaveLength(1);
    queue.decideKnown(queue.known(), 'copy');
    await settled();
    expect(copies).toEqual(['there f/film']);
    expect(transport.sent).toEqual([]);
    expect(queue.tally().doneCount).toBe(1);
  });

  it('should go on where it was when the connection was lost, one after the other', async () => {
    await add(filesOf(6), TARGET);
    transport.at(0).progress.onUrl('/api/v1/uploads/1');
    await transport.at(0).finish({ kind: 'disconnected' });
    expect(queue.isHeld()).toBe(true);
    expect(transport.sent).toHaveLength(4);
    transport.reach();
    await pass(500);
    expect(queue.isHeld()).toBe(false);
    const again = transport.sent.find(({ request }) => request.url !== null);
    expect(again?.request).toMatchObject({ url: '/api/v1/uploads/1' });
    expect(queue.failed()).toEqual([]);
  });

  it('should not send a file twice when only its answer was lost', async () => {
    known = [];
    await add(chosenFrom([fileOf('a')]), TARGET);
    await transport.at(0).finish({ kind: 'disconnected' });
    known = [sampleFile('a', { sha256: 'hash' })];
    transport.reach();
    await pass(500);
    expect(transport.sent).toHaveLength(1);
    expect(queue.tally().doneCount).toBe(1);
  });

  it('should send a file whose content another one in its folder has, when only its answer was lost', async () => {
    known = [sampleFile('b', { sha256: 'hash' })];
    await add(chosenFrom([fileOf('a')]), TARGET);
    await transport.at(0).finish({ kind: 'disconnected' });
    transport.reach();
    await pass(500);
    expect(transport.names()).toEqual(['a', 'a']);
    expect(queue.tally().doneCount).toBe(0);
  });

  it('should know again what has got a number when only its answer was lost', async () => {
    await add(chosenFrom([fileOf('a.txt')]), TARGET);
    await transport.at(0).finish(TAKEN);
    queue.decideTaken(queue.taken(), 'rename', false);
    await settled();
    await transport.at(1).finish({ kind: 'disconnected' });
    known = ['a.txt', 'a (2) of it.txt', 'a (2).txt'].map((name) =>
      sampleFile(name, { sha256: 'hash' }),
    );
    const arrivals: string[] = [];
    queue.arrivals.subscribe(({ id }) => arrivals.push(id));
    transport.reach();
    await pass(500);
    expect(arrivals).toEqual(['a (2).txt']);
  });

  it('should send nothing in place of what could not be read, and say so', async () => {
    await add([{ kind: 'unreadable', name: 'locked', folderPath: '' }, ...filesOf(1)], TARGET);
    expect(transport.names()).toEqual(['f0']);
    expect(queue.failed()).toMatchObject([{ name: 'locked' }]);
    queue.retry(queue.failed());
    await settled();
    expect(transport.names()).toEqual(['f0']);
    expect(queue.failed()).toMatchObject([{ name: 'locked' }]);
  });

  it('should give tags afterwards to what was begun before the batch got them', async () => {
    await add(chosenFrom([fileOf('a')]), TARGET);
    transport.at(0).progress.onUrl('/api/v1/uploads/1');
    queue.pauseAll();
    const [batch] = queue.batches();
    batch?.tags.set(['later']);
    queue.resumeAll();
    await settled();
    await transport.store(1);
    expect(batch?.stored.get('a')?.tags).toEqual(['holiday']);
  });

  it('should go on with one while all others are paused', async () => {
    await add(filesOf(6), TARGET);
    queue.pauseAll();
    queue.resume(row('f2'));
    await settled();
    await transport.store(4);
    expect(transport.names().slice(4)).toEqual(['f2']);
  });

  it('should go on with nothing when somebody else has signed in', async () => {
    await add(filesOf(5), TARGET);
    await transport.at(0).finish({ kind: 'signed-out' });
    user = { id: 'berta' };
    signIn();
    await settled();
    expect(transport.sent).toHaveLength(4);
    expect(queue.isBusy()).toBe(false);
    expect(transport.discarded).toEqual([]);
  });

  it('should tell who still looks for files that all were cancelled', async () => {
    const { cancelled } = queue;
    queue.cancelAll();
    expect([cancelled.aborted, queue.cancelled.aborted]).toEqual([true, false]);
  });

  it('should give up at growing distances when it gets no further', async () => {
    await add(chosenFrom([fileOf('a')]), TARGET);
    const busy = { ...TAKEN, status: 503, problem: { ...TAKEN.problem, code: 'drives.offline' } };
    for (let attempt = 0; attempt < 9; attempt += 1) {
      await transport.at(attempt).finish(busy);
      expect(transport.sent).toHaveLength(attempt + 1);
      await pass(60_000);
    }
    expect(queue.failed()).toMatchObject([{ reason: 'Taken.' }]);
    expect(transport.sent).toHaveLength(9);
  });

  it('should begin anew when the server has nothing of it any more', async () => {
    await add(chosenFrom([fileOf('a')]), TARGET);
    transport.at(0).progress.onUrl('/api/v1/uploads/1');
    await transport.at(0).finish({ kind: 'gone' });
    await pass(500);
    expect(transport.at(1).request.url).toBeNull();
  });

  it('should wait for a sign-in when the session has ended, and lose nothing', async () => {
    await add(filesOf(5), TARGET);
    for (const index of [0, 1, 2, 3]) await transport.at(index).finish({ kind: 'signed-out' });
    expect(queue.failed()).toEqual([]);
    expect(transport.sent).toHaveLength(4);
    signIn();
    await settled();
    expect(transport.sent).toHaveLength(8);
  });

  it('should keep the reason when a file cannot be read any more', async () => {
    await add(chosenFrom([fileOf('a')]));
    await transport.at(0).finish({ kind: 'unreadable' });
    expect(queue.failed()[0]?.reason).toContain('changed, moved or deleted on this device');
    expect(queue.tally().totalCount).toBe(0);
    queue.retry(queue.failed());
    await settled();
    expect(transport.names()).toEqual(['a', 'a']);
  });

  it('should stop one that is paused, let the next go, and go on where it was', async () => {
    await add(filesOf(5), TARGET);
    transport.at(0).progress.onUrl('/api/v1/uploads/1');
    queue.pause(row('f0'));
    await settled();
    expect(transport.stopCount).toBe(1);
    expect(transport.names()).toEqual(['f0', 'f1', 'f2', 'f3', 'f4']);
    queue.resume(row('f0'));
    await transport.store(1);
    expect(transport.sent.at(-1)?.request.url).toBe('/api/v1/uploads/1');
  });

  it('should stop all when all are paused, and go on in the same order', async () => {
    await add(filesOf(6), TARGET);
    queue.pauseAll();
    await settled();
    expect(transport.stopCount).toBe(4);
    expect(queue.runningCount()).toBe(0);
    queue.resumeAll();
    await settled();
    expect(transport.names().slice(4)).toEqual(['f0', 'f1', 'f2', 'f3']);
  });

  it('should have the server forget what is cancelled', async () => {
    await add(filesOf(6), TARGET);
    transport.at(0).progress.onUrl('/api/v1/uploads/1');
    queue.cancel(row('f0'));
    queue.cancel(row('f5'));
    await settled();
    expect(transport.discarded).toEqual(['/api/v1/uploads/1']);
    expect(queue.tally().totalCount).toBe(4);
    queue.cancelAll();
    expect(queue.isBusy()).toBe(false);
  });

  it('should hold ten thousand, and warn before the page is left while there are any', async () => {
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(leave()).toBe(false);
    await add(filesOf(10_000));
    expect(queue.rows()).toHaveLength(10_000);
    expect(leave()).toBe(true);
    queue.cancelAll();
    expect(leave()).toBe(false);
  });

  it('should begin to count anew when files come after all was done', async () => {
    await add(chosenFrom([fileOf('a')]));
    await transport.store(0);
    await add(chosenFrom([fileOf('b'), fileOf('c')]));
    expect(queue.tally()).toMatchObject({ doneCount: 0, totalCount: 2 });
  });

  it('should keep a batch until all that it gets is known', async () => {
    const batch = queue.open(TARGET);
    queue.addTo(batch, filesOf(1));
    await settled();
    await transport.store(0);
    await add(filesOf(1));
    expect(queue.batches()[0]).toBe(batch);
    expect(queue.batches()).toHaveLength(2);
    batch.isFilled = true;
    await transport.store(1);
    await add(filesOf(1));
    expect(queue.batches()).toHaveLength(1);
  });
});
