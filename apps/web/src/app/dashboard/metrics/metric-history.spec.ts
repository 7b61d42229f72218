import type { DashboardMetrics, MetricsHistory } from '@homeserver/dto';

import { exampleFrame } from '../testing/example-frame';
import {
  busiestInterface,
  historyOf,
  joined,
  type MetricHistory,
  seriesKey,
  summarise,
  windowUntil,
  withFrame,
} from './metric-history';

const CPU = seriesKey('cpu.usagePercent');
const NOON = Date.UTC(2026, 7, 14, 12);

function frameAt(time: number, cpu: number | null): DashboardMetrics {
  return exampleFrame({ timestamp: new Date(time).toISOString(), cpuPercent: cpu });
}

function cpuHistory(...points: [number, number][]): MetricHistory {
  return new Map([
    [CPU, { points: points.map(([time, value]) => ({ time, value })), gapMs: 5000 }],
  ]);
}

describe('historyOf', () => {
  const answer: MetricsHistory = {
    intervalMs: 2000,
    series: [
      {
        metric: 'network.sentBytesPerSecond',
        labels: { interface: 'en0' },
        points: [['2026-08-14T12:00:00.000Z', 1, 2, 3]],
      },
    ],
  };

  it('should take the averages, by metric and interface', () => {
    const series = historyOf(answer, 2000).get(seriesKey('network.sentBytesPerSecond', 'en0'));

    expect(series?.points).toEqual([{ time: NOON, value: 2 }]);
  });

  it('should call more than two and a half intervals a gap when every sample was asked for', () => {
    expect([...historyOf(answer, 2000).values()][0]?.gapMs).toBe(5000);
  });

  it('should expect wider distances when fewer points than samples were asked for', () => {
    expect([...historyOf(answer, 150).values()][0]?.gapMs).toBe(15_000);
  });
});

describe('withFrame', () => {
  it('should continue the series with the sample of the frame', () => {
    const history = withFrame(cpuHistory([NOON - 2000, 10]), frameAt(NOON, 30), 2000);

    expect(history.get(CPU)?.points.map((point) => point.value)).toEqual([10, 30]);
  });

  it('should drop what left the window when it adds', () => {
    const history = withFrame(
      cpuHistory([NOON - 16 * 60_000, 10], [NOON - 2000, 20]),
      frameAt(NOON, 30),
      2000,
    );

    expect(history.get(CPU)?.points.map((point) => point.value)).toEqual([20, 30]);
  });

  it('should add nothing when the machine cannot tell the value', () => {
    const history = withFrame(cpuHistory([NOON - 2000, 10]), frameAt(NOON, null), 2000);

    expect(history.get(CPU)?.points).toHaveLength(1);
  });

  it('should take each sample once when a frame comes again', () => {
    const once = withFrame(cpuHistory(), frameAt(NOON, 30), 2000);

    expect(withFrame(once, frameAt(NOON, 30), 2000).get(CPU)?.points).toHaveLength(1);
  });

  it('should leave the history before as it was', () => {
    const before = cpuHistory([NOON - 2000, 10]);

    withFrame(before, frameAt(NOON, 30), 2000);

    expect(before.get(CPU)?.points).toHaveLength(1);
  });
});

describe('joined', () => {
  it('should continue what the server kept with what came since, each sample once', () => {
    const kept = cpuHistory([NOON - 4000, 1], [NOON - 2000, 2]);
    const live = cpuHistory([NOON - 2000, 2], [NOON, 3]);

    expect(
      joined(kept, live)
        .get(CPU)
        ?.points.map((point) => point.value),
    ).toEqual([1, 2, 3]);
  });

  it('should keep a live series when the server has kept none of it', () => {
    expect(joined(new Map(), cpuHistory([NOON, 3])).get(CPU)?.points).toHaveLength(1);
  });

  it('should fill a hole of the live series when the server measured on', () => {
    const kept = cpuHistory([NOON - 6000, 1], [NOON - 4000, 2], [NOON - 2000, 3]);
    const live = cpuHistory([NOON - 6000, 1], [NOON, 4]);

    expect(joined(kept, live).get(CPU)?.points).toHaveLength(4);
  });
});

describe('summarise', () => {
  const points = [
    { time: NOON - 16 * 60_000, value: 99 },
    { time: NOON - 2000, value: 10 },
    { time: NOON, value: 30 },
  ];

  it('should count the window alone', () => {
    expect(summarise(points, NOON)).toEqual({ average: 20, highest: 30 });
  });

  it('should be null when there is nothing in it', () => {
    expect(summarise([], NOON)).toBeNull();
  });
});

describe('busiestInterface', () => {
  const network = [
    { interface: 'docker0', receivedBytesPerSecond: 0, sentBytesPerSecond: 0 },
    { interface: 'en0', receivedBytesPerSecond: 5, sentBytesPerSecond: 5 },
  ];

  it('should be the one that moved most in the window', () => {
    const history: MetricHistory = new Map([
      [
        seriesKey('network.sentBytesPerSecond', 'en0'),
        { points: [{ time: NOON, value: 900 }], gapMs: 1 },
      ],
      [
        seriesKey('network.receivedBytesPerSecond', 'docker0'),
        { points: [{ time: NOON, value: 800 }], gapMs: 1 },
      ],
    ]);

    expect(busiestInterface(history, network)).toBe('en0');
  });

  it('should be the first when nothing has moved', () => {
    expect(busiestInterface(new Map(), network)).toBe('docker0');
  });

  it('should be null when the machine has none', () => {
    expect(busiestInterface(new Map(), [])).toBeNull();
  });
});

describe('windowUntil', () => {
  it('should reach 15 minutes back', () => {
    expect(windowUntil(NOON, 0, 100)).toEqual({
      from: NOON - 900_000,
      to: NOON,
      bottom: 0,
      top: 100,
    });
  });
});
