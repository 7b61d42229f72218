import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';

import { machineReading } from '../../test/machine-readings';
import type { Config } from '../platform/config/config';
import { SampleRing } from './history/sample-ring';
import { SamplerService } from './sampler.service';
import type { MachineReader, MachineReading } from './sampling/machine-reader';

const INTERVAL_MS = 2000;
const SECOND_READING_MS = 200;

class FakeReader implements MachineReader {
  readCount = 0;
  isClosed = false;
  /** How long a reading takes, or what goes wrong. */
  duration: number | Error = 0;

  constructor(readonly isCheap: boolean) {}

  async read(): Promise<MachineReading> {
    this.readCount += 1;
    const { duration } = this;
    if (duration instanceof Error) throw duration;
    if (duration > 0) await new Promise((resolve) => setTimeout(resolve, duration));
    return machineReading(performance.now(), { takenAt: Date.now() });
  }

  close(): void {
    this.isClosed = true;
  }
}

function configOf(metricsIntervalMs: number): Config {
  return {
    version: '0.0.0',
    port: 0,
    host: '',
    dataDir: '',
    webRoot: null,
    databaseUrl: null,
    firstAdministrator: null,
    identityProvider: null,
    drives: [],
    metricsIntervalMs,
    publicUrl: null,
    trustProxy: null,
    corsOrigins: [],
    accelRedirect: null,
    virusScanner: null,
    logLevel: 'silent',
    withoutEffect: [],
  };
}

describe('SamplerService', () => {
  const samplers: SamplerService[] = [];

  function startSampler(reader: MachineReader): SamplerService {
    const ring = new SampleRing(INTERVAL_MS);
    const sampler = new SamplerService(
      configOf(INTERVAL_MS),
      reader,
      pino({ level: 'silent' }),
      ring,
    );
    samplers.push(sampler);
    sampler.onModuleInit();
    return sampler;
  }

  beforeEach(() => {
    jest.useFakeTimers();
  });

  afterEach(async () => {
    const stopped = samplers.splice(0).map((sampler) => sampler.beforeApplicationShutdown());
    await jest.runOnlyPendingTimersAsync(); // a reading that is under way
    await Promise.all(stopped);
    jest.useRealTimers();
  });

  it('should give the first sample with rates, after a second reading', async () => {
    const sampler = startSampler(new FakeReader(true));
    const sample = sampler.current();

    await jest.advanceTimersByTimeAsync(SECOND_READING_MS);

    expect((await sample).cpu.usagePercent).toBe(25);
  });

  it('should take one sample each interval, for all listeners together', async () => {
    const reader = new FakeReader(true);
    const sampler = startSampler(reader);
    const timestamps: string[][] = [[], []];
    for (const list of timestamps) sampler.subscribe(({ timestamp }) => list.push(timestamp));

    await jest.advanceTimersByTimeAsync(SECOND_READING_MS + 3 * INTERVAL_MS);

    expect(reader.readCount).toBe(5);
    expect(timestamps[0]).toHaveLength(4);
    expect(timestamps[1]).toEqual(timestamps[0]);
  });

  it('should sample all the time when that is cheap, and nobody watches', async () => {
    const reader = new FakeReader(true);
    startSampler(reader);

    await jest.advanceTimersByTimeAsync(SECOND_READING_MS + 100 * INTERVAL_MS);

    expect(reader.readCount).toBe(102);
  });

  it('should not sample when that is dear and nobody watches', async () => {
    const reader = new FakeReader(false);
    startSampler(reader);

    await jest.advanceTimersByTimeAsync(10 * INTERVAL_MS);

    expect(reader.readCount).toBe(0);
  });

  it('should stop a while after the last call when samples are dear, and begin anew with the next', async () => {
    const reader = new FakeReader(false);
    const sampler = startSampler(reader);
    void sampler.current();
    await jest.advanceTimersByTimeAsync(120_000);
    const countAtRest = reader.readCount;
    await jest.advanceTimersByTimeAsync(120_000);
    expect(reader.readCount).toBe(countAtRest);

    const next = sampler.current();
    await jest.advanceTimersByTimeAsync(SECOND_READING_MS);

    expect(Date.parse((await next).timestamp)).toBe(Date.now());
  });

  it('should go on as long as somebody listens when samples are dear', async () => {
    const reader = new FakeReader(false);
    const stopListening = startSampler(reader).subscribe(() => undefined);
    await jest.advanceTimersByTimeAsync(300_000);
    const countWhileListening = reader.readCount;
    expect(countWhileListening).toBeGreaterThan(149);

    stopListening();
    await jest.advanceTimersByTimeAsync(300_000);

    expect(reader.readCount).toBe(countWhileListening);
  });

  it('should neither overlap nor catch up when a reading takes longer than the interval', async () => {
    const reader = new FakeReader(true);
    startSampler(reader);
    await jest.advanceTimersByTimeAsync(SECOND_READING_MS);
    const countBefore = reader.readCount;
    reader.duration = 9000;
    await jest.advanceTimersByTimeAsync(INTERVAL_MS);
    reader.duration = 0;
    await jest.advanceTimersByTimeAsync(8999);
    expect(reader.readCount).toBe(countBefore + 1);

    await jest.advanceTimersByTimeAsync(INTERVAL_MS);

    expect(reader.readCount).toBe(countBefore + 2);
  });

  it('should refuse those who wait, and go on, when a reading fails', async () => {
    const reader = new FakeReader(true);
    reader.duration = new Error('EMFILE');
    const sampler = startSampler(reader);
    await expect(sampler.current()).rejects.toMatchObject({ code: 'monitoring.unavailable' });
    reader.duration = 0;

    const sample = sampler.current();
    await jest.advanceTimersByTimeAsync(INTERVAL_MS + SECOND_READING_MS);

    expect((await sample).cpu.usagePercent).toBe(25);
  });

  it('should leave no timer and close the reader when the server stops', async () => {
    const reader = new FakeReader(true);
    const sampler = startSampler(reader);
    await jest.advanceTimersByTimeAsync(SECOND_READING_MS);

    await sampler.beforeApplicationShutdown();

    expect(jest.getTimerCount()).toBe(0);
    expect(reader).toMatchObject({ isClosed: true, readCount: 2 });
  });

  it('should refuse those who wait, and begin nothing more, when the server stops early', async () => {
    const reader = new FakeReader(true);
    const sampler = startSampler(reader);
    const refused = expect(sampler.current()).rejects.toMatchObject({ status: 503 });

    await sampler.beforeApplicationShutdown();
    await refused;
    await jest.advanceTimersByTimeAsync(10 * INTERVAL_MS);

    expect(reader.readCount).toBe(1);
  });

  it('should begin nothing when somebody asks after the stop', async () => {
    const reader = new FakeReader(false);
    const sampler = startSampler(reader);
    await sampler.beforeApplicationShutdown();

    sampler.noteWatcher();
    await jest.advanceTimersByTimeAsync(INTERVAL_MS);

    expect(reader.readCount).toBe(0);
  });
});
