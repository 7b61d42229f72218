import {
  createEnvironmentInjector,
  EnvironmentInjector,
  runInInjectionContext,
} from '@angular/core';
import { TestBed } from '@angular/core/testing';

import { SessionEnd } from './session-end';
import { SocketClient, type SocketOptions } from './socket-client';
import { FakeWebSocket } from './testing/fake-web-socket';

const LONGEST_FIRST_PAUSE_MS = 1000;

describe('SocketClient', () => {
  let restore: () => void;
  let injector: EnvironmentInjector;
  let messages: unknown[];
  let checks: number;

  function connect(options: Partial<SocketOptions> = {}, within = injector): SocketClient {
    return runInInjectionContext(
      within,
      () =>
        new SocketClient({
          path: () => '/api/v1/monitoring/ws',
          onMessage: (message) => messages.push(message),
          ...options,
        }),
    );
  }

  function showPage(state: DocumentVisibilityState): void {
    jest.spyOn(document, 'visibilityState', 'get').mockReturnValue(state);
    document.dispatchEvent(new Event('visibilitychange'));
  }

  beforeEach(() => {
    jest.useFakeTimers();
    restore = FakeWebSocket.install();
    checks = 0;
    const sessionEnd = { check: async () => void (checks += 1) };
    TestBed.configureTestingModule({ providers: [{ provide: SessionEnd, useValue: sessionEnd }] });
    injector = createEnvironmentInjector([], TestBed.inject(EnvironmentInjector));
    messages = [];
  });

  afterEach(() => {
    injector.destroy();
    restore();
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  it('should connect to the path on this very host when it is made', () => {
    const client = connect();

    expect(FakeWebSocket.newest().url).toBe('ws://localhost/api/v1/monitoring/ws');
    expect(client.state()).toBe('connecting');
  });

  it('should be open and hand over parsed messages when the server accepts', () => {
    const client = connect();

    FakeWebSocket.newest().acceptConnection();
    FakeWebSocket.newest().sendMessage({ value: 1 });

    expect(client.state()).toBe('open');
    expect(messages).toEqual([{ value: 1 }]);
  });

  it('should leave a message out and stay open when it is no JSON', () => {
    const client = connect();
    FakeWebSocket.newest().acceptConnection();

    FakeWebSocket.newest().onmessage?.({ data: '{"half":' });

    expect(messages).toEqual([]);
    expect(client.state()).toBe('open');
  });

  it('should be lost and try again after a pause when the connection breaks', () => {
    const client = connect();
    FakeWebSocket.newest().acceptConnection();

    FakeWebSocket.newest().loseConnection();
    expect(client.state()).toBe('lost');
    jest.advanceTimersByTime(LONGEST_FIRST_PAUSE_MS);
    expect(FakeWebSocket.made).toHaveLength(2);
    expect(client.state()).toBe('lost');

    FakeWebSocket.newest().acceptConnection();
    expect(client.state()).toBe('open');
  });

  it('should wait twice as long after each failure, but never over 30 seconds, when nothing answers', () => {
    // The random part takes nothing away.
    jest.spyOn(Math, 'random').mockReturnValue(0);
    connect();
    const pauses: number[] = [];

    for (let failure = 0; failure < 7; failure += 1) {
      const before = FakeWebSocket.made.length;
      const start = Date.now();
      FakeWebSocket.newest().loseConnection();
      while (FakeWebSocket.made.length === before) jest.advanceTimersToNextTimer();
      pauses.push(Date.now() - start);
    }

    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  it('should cut a pause by up to a half at random when it waits', () => {
    jest.spyOn(Math, 'random').mockReturnValue(1);
    connect();

    FakeWebSocket.newest().loseConnection();
    jest.advanceTimersByTime(500);

    expect(FakeWebSocket.made).toHaveLength(2);
  });

  it('should keep the growing pause when the server accepts but never sends', () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    connect();
    FakeWebSocket.newest().loseConnection();
    jest.advanceTimersByTime(1000);

    FakeWebSocket.newest().acceptConnection();
    FakeWebSocket.newest().loseConnection();
    jest.advanceTimersByTime(1999);

    expect(FakeWebSocket.made).toHaveLength(2);
  });

  it.each([1001, 4408])(
    'should begin with the shortest pause again when the server closes with %i',
    (code) => {
      jest.spyOn(Math, 'random').mockReturnValue(0);
      connect();
      FakeWebSocket.newest().loseConnection();
      jest.advanceTimersByTime(1000);
      FakeWebSocket.newest().loseConnection();
      jest.advanceTimersByTime(2000);

      FakeWebSocket.newest().loseConnection(code);
      jest.advanceTimersByTime(1000);

      expect(FakeWebSocket.made).toHaveLength(4);
    },
  );

  it('should ask whether the session is still there when the server says that it has ended', () => {
    connect();
    FakeWebSocket.newest().acceptConnection();

    FakeWebSocket.newest().loseConnection(4401);

    expect(checks).toBe(1);
  });

  it('should ask whether the session is still there when it is refused, for browsers do not tell why', () => {
    connect();

    FakeWebSocket.newest().loseConnection();

    expect(checks).toBe(1);
  });

  it('should ask nothing when a sound connection breaks', () => {
    connect();
    FakeWebSocket.newest().acceptConnection();

    FakeWebSocket.newest().loseConnection();

    expect(checks).toBe(0);
  });

  it('should try at once when it is asked to', () => {
    const client = connect();
    FakeWebSocket.newest().loseConnection();

    client.retry();

    expect(FakeWebSocket.made).toHaveLength(2);
  });

  it('should try at once when the device is online again', () => {
    connect();
    FakeWebSocket.newest().loseConnection();

    window.dispatchEvent(new Event('online'));

    expect(FakeWebSocket.made).toHaveLength(2);
  });

  it('should try at once when the page is looked at again', () => {
    connect();
    FakeWebSocket.newest().loseConnection();

    showPage('visible');

    expect(FakeWebSocket.made).toHaveLength(2);
  });

  it('should leave a sound connection alone when the page is looked at again', () => {
    connect({ silenceLimitMs: () => 10_000 });
    FakeWebSocket.newest().acceptConnection();
    FakeWebSocket.newest().sendMessage({});

    showPage('visible');

    expect(FakeWebSocket.made).toHaveLength(1);
  });

  it('should be lost when an open connection is silent for too long', () => {
    const client = connect({ silenceLimitMs: () => 10_000 });
    const first = FakeWebSocket.newest();
    first.acceptConnection();
    first.sendMessage({});

    jest.advanceTimersByTime(10_000);

    expect(client.state()).toBe('lost');
    expect(first.isClosedByUs).toBe(true);
  });

  it('should say that messages may have been missed when it is not the first try that opens', () => {
    const openings: boolean[] = [];
    connect({ onOpen: (isAgain) => openings.push(isAgain) });
    FakeWebSocket.newest().acceptConnection();

    window.dispatchEvent(new Event('online'));
    FakeWebSocket.newest().acceptConnection();

    expect(openings).toEqual([false, true]);
  });

  it('should ask for the path anew when it connects again', () => {
    let position = 1;
    connect({ path: () => `/api/v1/events/ws?after=${position}` });
    position = 7;

    FakeWebSocket.newest().loseConnection();
    jest.advanceTimersByTime(LONGEST_FIRST_PAUSE_MS);

    expect(FakeWebSocket.newest().url).toContain('after=7');
  });

  it('should close and stay silent when its injector is destroyed', () => {
    const ending = createEnvironmentInjector([], injector);
    connect({}, ending);
    const socket = FakeWebSocket.newest();
    socket.acceptConnection();

    ending.destroy();
    socket.sendMessage({ late: true });
    window.dispatchEvent(new Event('online'));
    jest.advanceTimersByTime(600_000);

    expect(socket.isClosedByUs).toBe(true);
    expect(messages).toEqual([]);
    expect(FakeWebSocket.made).toHaveLength(1);
  });
});
