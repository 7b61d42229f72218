import { provideHttpClient } from '@angular/common/http';
import {
  HttpTestingController,
  provideHttpClientTesting,
  type TestRequest,
} from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import type { MetricsHistory } from '@homeserver/dto';

import { FakeWebSocket } from '../../core/testing/fake-web-socket';
import { exampleFrame } from '../testing/example-frame';
import { MetricsStore } from './metrics-store';

const KEPT: MetricsHistory = {
  intervalMs: 2000,
  series: [
    {
      metric: 'cpu.usagePercent',
      labels: {},
      points: [
        ['2026-08-14T11:59:56.000Z', 10, 10, 10],
        ['2026-08-14T11:59:58.000Z', 20, 20, 20],
      ],
    },
  ],
};
const NONE: MetricsHistory = { intervalMs: 2000, series: [] };

describe('MetricsStore', () => {
  let server: HttpTestingController;
  let restore: () => void;

  function historyRequests(): TestRequest[] {
    return server.match((request) => request.url === '/api/v1/monitoring/history');
  }

  /** Lets what waits for the answers go on. */
  async function answer(requests: readonly TestRequest[]): Promise<void> {
    for (const request of requests) {
      request.flush(
        request.request.params.getAll('metric')?.includes('cpu.usagePercent') ? KEPT : NONE,
      );
    }
    await Promise.resolve();
    await Promise.resolve();
  }

  function cpuValues(store: MetricsStore): number[] {
    return store.series('cpu.usagePercent').points.map((point) => point.value);
  }

  beforeEach(() => {
    restore = FakeWebSocket.install();
    TestBed.configureTestingModule({
      providers: [MetricsStore, provideHttpClient(), provideHttpClientTesting()],
    });
    server = TestBed.inject(HttpTestingController);
  });

  afterEach(() => {
    TestBed.resetTestingModule();
    restore();
  });

  it('should show the history that the server kept before the first frame comes', async () => {
    const store = TestBed.inject(MetricsStore);

    await answer(historyRequests());

    expect(cpuValues(store)).toEqual([10, 20]);
    expect(store.frame()).toBeNull();
  });

  it('should continue the history when frames come', async () => {
    const store = TestBed.inject(MetricsStore);
    await answer(historyRequests());

    FakeWebSocket.newest().acceptConnection();
    FakeWebSocket.newest().sendMessage(exampleFrame({ cpuPercent: 23 }));

    expect(cpuValues(store)).toEqual([10, 20, 23]);
    expect(store.frame()?.system.hostname).toBe('macmini');
    expect(store.sampledAt()).toBe(Date.UTC(2026, 7, 14, 12));
  });

  it('should join frames and history when a frame comes first', async () => {
    const store = TestBed.inject(MetricsStore);

    FakeWebSocket.newest().acceptConnection();
    FakeWebSocket.newest().sendMessage(exampleFrame({ cpuPercent: 23 }));
    await answer(historyRequests());

    expect(cpuValues(store)).toEqual([10, 20, 23]);
  });

  it('should ask for the history anew when the connection is there again', async () => {
    TestBed.inject(MetricsStore);
    await answer(historyRequests());

    FakeWebSocket.newest().acceptConnection();
    expect(historyRequests()).toHaveLength(0);
    FakeWebSocket.newest().loseConnection();
    window.dispatchEvent(new Event('online'));
    FakeWebSocket.newest().acceptConnection();

    expect(historyRequests()).toHaveLength(2);
  });

  it('should keep the last frame and be lost when the connection breaks', () => {
    const store = TestBed.inject(MetricsStore);
    FakeWebSocket.newest().acceptConnection();
    FakeWebSocket.newest().sendMessage(exampleFrame());

    FakeWebSocket.newest().loseConnection();

    expect(store.isLost()).toBe(true);
    expect(store.frame()).not.toBeNull();
    expect(store.receivedAt()).not.toBeNull();
  });

  it('should say why when the history cannot be loaded, and go on with the frames', async () => {
    const store = TestBed.inject(MetricsStore);
    const [first] = historyRequests();

    first?.flush(
      { detail: 'The database is away.' },
      { status: 503, statusText: 'Service Unavailable' },
    );
    await Promise.resolve();
    await Promise.resolve();
    FakeWebSocket.newest().sendMessage(exampleFrame({ cpuPercent: 23 }));

    expect(store.historyProblem()?.detail).toBe('The database is away.');
    expect(cpuValues(store)).toEqual([23]);
  });

  it('should leave out what is no frame', () => {
    const store = TestBed.inject(MetricsStore);

    FakeWebSocket.newest().sendMessage({ hello: 'world' });

    expect(store.frame()).toBeNull();
  });
});
