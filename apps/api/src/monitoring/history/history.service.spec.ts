import { metricsHistorySchema } from '@homeserver/dto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

import { machineSample } from '../../../test/machine-readings';
import { InvalidInputError } from '../../platform/http/domain-error';
import { HistoryService } from './history.service';
import { SampleRing } from './sample-ring';

const INTERVAL_MS = 2000;
const SAMPLE_TIMES = [2000, 4000, 6000, 8000];

function timestampOf(atMs: number): string {
  return machineSample(atMs).timestamp;
}

describe('HistoryService', () => {
  let history: HistoryService;

  beforeEach(() => {
    const ring = new SampleRing(INTERVAL_MS);
    for (const atMs of SAMPLE_TIMES) ring.append(machineSample(atMs));
    history = new HistoryService(ring);
    jest.useFakeTimers({ now: Date.parse(timestampOf(8000)) });
  });

  afterEach(() => {
    jest.useRealTimers();
  });

  it('should give every metric, as the contract shows it, when none is named', () => {
    const answer = history.read({ points: 2000 });

    expect(metricsHistorySchema.parse(answer)).toEqual(answer);
    expect(answer.intervalMs).toBe(INTERVAL_MS);
    expect(answer.series).toHaveLength(10);
    expect(answer.series[0]?.points.map(([time]) => time)).toEqual(SAMPLE_TIMES.map(timestampOf));
  });

  it('should give the metrics that are named, one or several', () => {
    const one = history.read({ metric: 'memory.usedBytes', points: 2000 });
    const two = history.read({ metric: ['memory.usedBytes', 'cpu.usagePercent'], points: 2000 });

    expect(one.series.map(({ metric }) => metric)).toEqual(['memory.usedBytes']);
    expect(two.series.map(({ metric }) => metric)).toEqual([
      'cpu.usagePercent',
      'memory.usedBytes',
    ]);
  });

  it('should give the part between two times', () => {
    const { series } = history.read({
      metric: 'cpu.usagePercent',
      from: timestampOf(4000),
      to: timestampOf(6000).replace('Z', '+00:00'),
      points: 2000,
    });

    expect(series[0]?.points.map(([time]) => time)).toEqual([4000, 6000].map(timestampOf));
  });

  it('should name the length of a point when samples were drawn together', () => {
    const { intervalMs, series } = history.read({ metric: 'cpu.usagePercent', points: 2 });

    expect(intervalMs).toBe(4000);
    expect(series[0]?.points).toEqual([
      [timestampOf(2000), 25, 25, 25],
      [timestampOf(6000), 25, 25, 25],
    ]);
  });

  it('should give nothing when the samples are older than 15 minutes', () => {
    jest.setSystemTime(Date.parse(timestampOf(8000)) + 16 * 60_000);

    expect(history.read({ points: 2000 }).series).toEqual([]);
  });

  it('should point at “from” when it lies after “to”', () => {
    const read = () => history.read({ from: timestampOf(6000), to: timestampOf(4000), points: 10 });

    expect(read).toThrow(InvalidInputError);
    expect(read).toThrow(
      expect.objectContaining({
        errors: [expect.objectContaining({ pointer: '#/query/from' })],
      }),
    );
  });
});
