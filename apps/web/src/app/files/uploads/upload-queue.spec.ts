import { TestBed } from '@angular/core/testing';

import { SessionEnd } from '../../core/session-end';
import { SessionStore } from '../../core/session-store';
import { sampleFile } from '../testing/sample-file';
import { UploadQueue } from './upload-queue';
import {
  type RunningUpload,
  type UploadRequest,
  type UploadResult,
  UploadTransport,
} from './upload-transport';

interface Sent {
  readonly request: UploadRequest;
  readonly progress: (sentBytes: number) => void;
  readonly finish: (result: UploadResult) => Promise<void>;
}

/** Uploads that end when the test says so. */
class StillTransport extends UploadTransport {
  readonly sent: Sent[] = [];
  reach: () => void = () => undefined;

  override send(request: UploadRequest, progress: (sentBytes: number) => void): RunningUpload {
    let settle: (result: UploadResult) => void = () => undefined;
    const result = new Promise<UploadResult>((resolve) => {
      settle = resolve;
    });
    const finish = async (outcome: UploadResult) => {
      settle(outcome);
      await result;
      // The queue goes on in the turn after the answer.
      await Promise.resolve();
    };
    this.sent.push({ request, progress, finish });
    return { result, cancel: () => settle({ kind: 'cancelled' }) };
  }

  override untilReachable(): Promise<void> {
    return new Promise((resolve) => {
      this.reach = resolve;
    });
  }

  names(): string[] {
    return this.sent.map(({ request }) => request.file.name);
  }

  at(index: number): Sent {
    const sent = this.sent[index];
    if (sent === undefined) throw new Error(`No upload ${index} was sent.`);
    return sent;
  }

  store(index: number, storedName = this.at(index).request.file.name): Promise<void> {
    return this.at(index).finish({ kind: 'stored', file: sampleFile(storedName) });
  }
}

function fileOf(name: string, size = 10): File {
  return new File([new Uint8Array(size)], name);
}

const filesOf = (count: number) => Array.from({ length: count }, (_, index) => fileOf(`f${index}`));
const settled = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};

describe('UploadQueue', () => {
  let transport: StillTransport;
  let queue: UploadQueue;
  let signIn: () => void;

  beforeEach(() => {
    transport = new StillTransport();
    const untilSignedIn = () => new Promise<void>((resolve) => (signIn = resolve));
    TestBed.configureTestingModule({
      providers: [
        { provide: UploadTransport, useValue: transport },
        { provide: SessionStore, useValue: { untilSignedIn } },
        { provide: SessionEnd, useValue: { check: async () => undefined } },
      ],
    });
    queue = TestBed.inject(UploadQueue);
  });

  it('should send three at a time, in their order, when many are added', async () => {
    queue.add(filesOf(5), null);
    expect(transport.names()).toEqual(['f0', 'f1', 'f2']);
    await transport.store(1);
    expect(transport.names()).toEqual(['f0', 'f1', 'f2', 'f3']);
    expect(queue.tally()).toMatchObject({
      doneCount: 1,
      totalCount: 5,
      doneBytes: 10,
      totalBytes: 50,
    });
  });

  it('should hold only what is in sight ready when ten thousand are added', () => {
    queue.add(filesOf(10_000), null);
    expect(queue.active()).toHaveLength(3);
    expect(queue.nextWaiting().map(({ file }) => file.name)).toEqual(['f3', 'f4']);
    expect(queue.waitingCount()).toBe(9997);
  });

  it('should count bytes that are on their way when there is progress', async () => {
    queue.add([fileOf('a', 100), fileOf('b', 50)], null);
    transport.at(0).progress(60);
    expect(queue.sentBytes()).toBe(60);
    await transport.store(1);
    expect(queue.sentBytes()).toBe(110);
  });

  it('should tell each file as it is stored, with the tags and the place of its batch', async () => {
    const arrivals: string[] = [];
    queue.arrivals.subscribe(({ file }) => arrivals.push(file.filename));
    const target = { driveId: 'd', folderId: 'f', name: 'Files', tags: ['holiday'] };
    queue.add([fileOf('a')], target);
    expect(transport.at(0).request).toMatchObject({ target, tags: ['holiday'] });
    await transport.store(0);
    expect(arrivals).toEqual(['a']);
  });

  it('should say so when a file was stored under another name', async () => {
    queue.add([fileOf('a.txt'), fileOf('b.txt')], null);
    await transport.store(0, 'a (2).txt');
    await transport.store(1);
    expect(queue.renamed()).toEqual([{ sentName: 'a.txt', storedName: 'a (2).txt' }]);
  });

  it('should keep the reason in words when the server refuses, and go on with the others', async () => {
    queue.add(filesOf(4), null);
    const problem = {
      title: 'Full',
      detail: 'The drive is full.',
      code: 'drives.full',
      requestId: 'r1',
    };
    await transport.at(0).finish({ kind: 'refused', problem });
    expect(queue.failed()).toMatchObject([{ reason: 'The drive is full.', requestId: 'r1' }]);
    expect(transport.names()).toContain('f3');
    expect(queue.tally().totalCount).toBe(3);
  });

  it('should send a failed one again when it is asked to', async () => {
    queue.add([fileOf('a')], null);
    await transport.at(0).finish({ kind: 'unreadable' });
    const [failure] = queue.failed();
    expect(failure?.reason).toContain('changed, moved or deleted on this device');
    if (failure !== undefined) queue.retry(failure);
    expect(queue.failed()).toEqual([]);
    await transport.store(1);
    expect(queue.tally()).toMatchObject({ doneCount: 1, totalCount: 1 });
  });

  it('should let the others wait when the connection is lost, and go on when it is back', async () => {
    queue.add(filesOf(6), null);
    await transport.at(0).finish({ kind: 'disconnected' });
    expect(queue.isHeld()).toBe(true);
    await transport.at(1).finish({ kind: 'disconnected' });
    expect(transport.sent).toHaveLength(3);
    expect(queue.failed()).toHaveLength(2);
    transport.reach();
    await settled();
    expect(queue.isHeld()).toBe(false);
    expect(transport.names().slice(3)).toEqual(['f3', 'f4']);
    queue.retryAll();
    expect(queue.waitingCount()).toBe(3);
  });

  it('should say why, and let the others wait for a sign-in, when the session has ended', async () => {
    queue.add(filesOf(5), null);
    await transport.at(0).finish({ kind: 'signed-out' });
    await transport.at(1).finish({ kind: 'signed-out' });
    await transport.at(2).finish({ kind: 'signed-out' });
    expect(queue.failed()[0]?.reason).toContain('session ended');
    expect(queue.failed()).toHaveLength(3);
    expect(transport.sent).toHaveLength(3);

    signIn();
    await settled();
    expect(transport.names().slice(3)).toEqual(['f3', 'f4']);
  });

  it('should not be held when the connection is lost and no file waits', async () => {
    queue.add([fileOf('a')], null);
    await transport.at(0).finish({ kind: 'disconnected' });
    expect(queue.isHeld()).toBe(false);
    queue.retryAll();
    expect(queue.isHeld()).toBe(true);
    transport.reach();
    await settled();
    expect(queue.isHeld()).toBe(false);
    expect(transport.names()).toEqual(['a', 'a']);
  });

  it('should send a failed one again only once when it is asked to twice', async () => {
    queue.add([fileOf('a')], null);
    await transport.at(0).finish({ kind: 'unreadable' });
    const [failure] = queue.failed();
    if (failure === undefined) throw new Error('Nothing failed.');
    queue.retry(failure);
    queue.retry(failure);
    expect(transport.names()).toEqual(['a', 'a']);
    expect(queue.tally().totalCount).toBe(1);
  });

  it('should count on when a file is cancelled that is not in the queue any more', async () => {
    queue.add(filesOf(5), null);
    const [running] = queue.active();
    const [waiting] = queue.nextWaiting();
    if (running === undefined || waiting === undefined) throw new Error('The queue is empty.');
    await transport.store(0);
    queue.cancel(running);
    queue.cancel(waiting);
    queue.cancel(waiting);
    await settled();
    expect(queue.tally()).toMatchObject({ doneCount: 1, totalCount: 4 });
  });

  it('should forget a file when it is cancelled, whether it runs or waits', async () => {
    queue.add(filesOf(5), null);
    const [waiting] = queue.nextWaiting();
    if (waiting !== undefined) queue.cancel(waiting);
    const [running] = queue.active();
    if (running !== undefined) queue.cancel(running);
    await settled();
    expect(queue.tally().totalCount).toBe(3);
    expect(queue.active().map(({ file }) => file.name)).toEqual(['f1', 'f2', 'f4']);
    expect(queue.failed()).toEqual([]);
  });

  it('should be empty when all are cancelled', async () => {
    queue.add(filesOf(50), null);
    queue.cancelAll();
    await settled();
    expect(queue.isBusy()).toBe(false);
    expect(queue.tally()).toMatchObject({ doneCount: 0, totalCount: 0, totalBytes: 0 });
    expect(transport.sent).toHaveLength(3);
  });

  it('should begin to count anew when files come after all was done', async () => {
    queue.add([fileOf('a')], null);
    await transport.store(0);
    queue.add([fileOf('b'), fileOf('c')], null);
    expect(queue.tally()).toMatchObject({ doneCount: 0, totalCount: 2 });
  });

  it('should warn before the page is left when something is under way', async () => {
    const leave = () => {
      const event = new Event('beforeunload', { cancelable: true });
      window.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(leave()).toBe(false);
    queue.add([fileOf('a')], null);
    expect(leave()).toBe(true);
    await transport.store(0);
    expect(leave()).toBe(false);
  });
});
