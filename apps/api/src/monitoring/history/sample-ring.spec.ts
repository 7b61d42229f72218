import type { HistoryMetric } from '@homeserver/dto';
import { describe, expect, it } from '@jest/globals';

import { machineSample } from '../../../test/machine-readings';
import { HISTORY_WINDOW_MS, SampleRing } from './sample-ring';

const INTERVAL_MS = 2000;
const WINDOW_SAMPLES = HISTORY_WINDOW_MS / INTERVAL_MS;

function selectAll(ring: SampleRing, ...metrics: HistoryMetric[]) {
  return ring.select(new Set(metrics), Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY);
}

function trafficOf(name: string) {
  return { interface: name, receivedBytesPerSecond: 1, sentBytesPerSecond: 1 };
}

describe('SampleRing', () => {
  it('should give what was put in, in order, for the metrics that are asked for', () => {
    const ring = new SampleRing(INTERVAL_MS);
    for (const atMs of [2000, 4000, 6000]) ring.append(machineSample(atMs));

    const { times, series } = selectAll(ring, 'cpu.usagePercent', 'network.sentBytesPerSecond');

    expect([...times]).toEqual(
      [2000, 4000, 6000].map((atMs) => Date.parse(machineSample(atMs).timestamp)),
    );
    expect(series.map(({ metric, labels, values }) => [metric, labels, [...values]])).toEqual([
      ['cpu.usagePercent', {}, [25, 25, 25]],
      ['network.sentBytesPerSecond', { interface: 'eth0' }, [1000, 1000, 1000]],
    ]);
  });

  it('should have a series for each core', () => {
    const ring = new SampleRing(INTERVAL_MS);
    ring.append(machineSample(2000));

    expect(selectAll(ring, 'cpu.corePercent').series.map(({ labels }) => labels)).toEqual([
      { core: '0' },
      { core: '1' },
    ]);
  });

  it('should give the samples between two times, both included', () => {
    const ring = new SampleRing(INTERVAL_MS);
    for (const atMs of [2000, 4000, 6000, 8000]) ring.append(machineSample(atMs));
    const [from, to] = [4000, 6000].map((atMs) => Date.parse(machineSample(atMs).timestamp));

    const { times } = ring.select(new Set<HistoryMetric>(['cpu.usagePercent']), from ?? 0, to ?? 0);

    expect([...times]).toEqual([from, to]);
  });

  it('should keep the last 15 minutes and no more', () => {
    const ring = new SampleRing(INTERVAL_MS);
    for (let count = 1; count <= 2 * WINDOW_SAMPLES; count += 1)
      ring.append(machineSample(count * INTERVAL_MS));

    const { times } = selectAll(ring, 'cpu.usagePercent');

    expect(times).toHaveLength(WINDOW_SAMPLES + 1);
    expect((times.at(-1) ?? 0) - (times[0] ?? 0)).toBe(HISTORY_WINDOW_MS);
  });

  it('should have no value where a series had none', () => {
    const ring = new SampleRing(INTERVAL_MS);
    ring.append(machineSample(2000, { temperatureCelsius: 50 }));
    ring.append(machineSample(4000, { temperatureCelsius: null }));
    ring.append(machineSample(6000, { temperatureCelsius: 52 }));

    const [temperature] = selectAll(ring, 'cpu.temperatureCelsius').series;

    expect([...(temperature?.values ?? [])]).toEqual([50, Number.NaN, 52]);
  });

  it('should not show a value again when its place is used anew without one', () => {
    const ring = new SampleRing(INTERVAL_MS);
    for (let count = 1; count <= WINDOW_SAMPLES + 2; count += 1) {
      const temperatureCelsius = count === 1 || count === WINDOW_SAMPLES ? 50 : null;
      ring.append(machineSample(count * INTERVAL_MS, { temperatureCelsius }));
    }

    const [temperature] = selectAll(ring, 'cpu.temperatureCelsius').series;

    expect(temperature?.values.filter((value) => !Number.isNaN(value))).toHaveLength(1);
  });

  it('should leave out a series when it had no value between the two times', () => {
    const ring = new SampleRing(INTERVAL_MS);
    ring.append(machineSample(2000, { temperatureCelsius: 50 }));
    ring.append(machineSample(4000, { temperatureCelsius: null }));
    const from = Date.parse(machineSample(4000).timestamp);

    const { series } = ring.select(new Set<HistoryMetric>(['cpu.temperatureCelsius']), from, from);

    expect(series).toEqual([]);
  });

  it('should leave out a series when it never had a value', () => {
    const ring = new SampleRing(INTERVAL_MS);
    ring.append(machineSample(2000, { temperatureCelsius: null }));

    expect(selectAll(ring, 'cpu.temperatureCelsius').series).toEqual([]);
  });

  it('should have room for a new interface when many have come and gone', () => {
    const intervalMs = 60_000;
    const ring = new SampleRing(intervalMs);
    for (let count = 1; count <= 1000; count += 1) {
      const sample = machineSample(count * intervalMs);
      ring.append({ ...sample, network: [trafficOf(`veth${count}`)] });
    }

    const { series } = selectAll(ring, 'network.sentBytesPerSecond');

    expect(series.at(-1)?.labels).toEqual({ interface: 'veth1000' });
    expect(series).toHaveLength(HISTORY_WINDOW_MS / intervalMs + 1);
  });

  it('should hold a bounded number of series when there are more interfaces than that', () => {
    const ring = new SampleRing(INTERVAL_MS);
    const network = Array.from({ length: 1000 }, (_, index) => trafficOf(`veth${index}`));

    ring.append({ ...machineSample(2000), network });

    const received = selectAll(ring, 'network.receivedBytesPerSecond').series.length;
    const sent = selectAll(ring, 'network.sentBytesPerSecond').series.length;
    expect(received + sent).toBeLessThanOrEqual(512);
  });

  it('should begin anew when the clock was set back', () => {
    const ring = new SampleRing(INTERVAL_MS);
    for (const atMs of [8000, 10_000, 2000, 4000]) ring.append(machineSample(atMs));

    const { times } = selectAll(ring, 'cpu.usagePercent');

    expect([...times]).toEqual(
      [2000, 4000].map((atMs) => Date.parse(machineSample(atMs).timestamp)),
    );
  });

  it('should work when samples are rarer than its window', () => {
    const ring = new SampleRing(3_600_000);
    ring.append(machineSample(2000));

    expect(selectAll(ring, 'cpu.usagePercent').times).toHaveLength(1);
  });
});
