import { TestBed } from '@angular/core/testing';

import { sampleFile } from '../testing/sample-file';
import { FileEvents } from './file-events';
import type { FileChange } from './list-changes';

/** A socket that does what the test says. */
class StillSocket {
  static readonly opened: StillSocket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: string }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;

  constructor(readonly url: string) {
    StillSocket.opened.push(this);
  }

  close(): void {
    // Nothing to give back.
  }
}

const FILE = sampleFile('a.txt', {
  id: '0198c0de-7a3e-7c5b-9a51-0d5a3b1f2e4c',
});

function eventOf(type: string, id: string, data: object = { file: FILE }): string {
  return JSON.stringify({
    specversion: '1.0',
    id,
    source: '/homeserver',
    type,
    time: '2026-08-02T17:04:11.000Z',
    subject: `files/${FILE.id}`,
    datacontenttype: 'application/json',
    data,
  });
}

describe('FileEvents', () => {
  const BrowserSocket = globalThis.WebSocket;
  let events: FileEvents;
  let changes: FileChange[];
  let gapCount: number;

  beforeEach(() => {
    jest.useFakeTimers();
    StillSocket.opened.length = 0;
    Object.assign(globalThis, { WebSocket: StillSocket });
    TestBed.configureTestingModule({ providers: [FileEvents] });
    events = TestBed.inject(FileEvents);
    changes = [];
    gapCount = 0;
    events.changes.subscribe((change) => changes.push(change));
    events.gaps.subscribe(() => (gapCount += 1));
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    Object.assign(globalThis, { WebSocket: BrowserSocket });
    jest.useRealTimers();
  });

  function last(): StillSocket {
    const socket = StillSocket.opened.at(-1);
    if (socket === undefined) throw new Error('No socket was opened.');
    return socket;
  }

  function lose(): void {
    last().onclose?.({ code: 1006 });
    jest.advanceTimersByTime(60_000);
  }

  it('should tell what happened to a file', () => {
    last().onmessage?.({ data: eventOf('homeserver.file.created', '7') });
    last().onmessage?.({ data: eventOf('homeserver.file.deleted', '8') });
    expect(changes).toEqual([
      { kind: 'present', file: FILE },
      { kind: 'gone', file: FILE },
    ]);
  });

  it('should tell that a file is there again when it was found after a while', () => {
    last().onmessage?.({ data: eventOf('homeserver.file.restored', '7') });
    expect(changes).toEqual([{ kind: 'present', file: FILE }]);
  });

  it('should only note that a file is corrupted, which may lie in the trash', () => {
    last().onmessage?.({ data: eventOf('homeserver.file.corrupted', '7') });
    expect(changes).toEqual([{ kind: 'noted', file: FILE }]);
  });

  it('should tell when something became of a drive', () => {
    let count = 0;
    events.driveChanges.subscribe(() => (count += 1));
    const data = { driveName: 'Media' };
    last().onmessage?.({ data: eventOf('homeserver.drive.offline', '7', data) });
    expect(count).toBe(1);
    expect(changes).toEqual([]);
  });

  it('should leave out what it does not know', () => {
    last().onmessage?.({ data: eventOf('homeserver.file.sung_to', '7') });
    last().onmessage?.({ data: '{' });
    expect(changes).toEqual([]);
  });

  it('should go on after the event that was heard last when the connection is back', () => {
    last().onopen?.();
    last().onmessage?.({ data: eventOf('homeserver.file.created', '7') });
    lose();
    expect(last().url).toMatch(/types=homeserver\.file\.\*,homeserver\.drive\.\*&after=7$/);
    gapCount = 0;
    last().onopen?.();
    expect(gapCount).toBe(0);
  });

  it('should say that something may have been missed when there is no event to go on from', () => {
    last().onopen?.();
    gapCount = 0;
    lose();
    last().onopen?.();
    expect(gapCount).toBe(1);
  });

  it('should begin anew when the server does not go on from there', () => {
    last().onopen?.();
    last().onmessage?.({ data: eventOf('homeserver.file.created', '7') });
    gapCount = 0;
    for (let attempt = 0; attempt < 4; attempt += 1) lose();
    expect(last().url).not.toContain('after');
    last().onopen?.();
    expect(gapCount).toBe(1);
  });
});
