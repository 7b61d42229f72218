import type { SystemMetrics } from '@homeserver/dto';
import {
  type BeforeApplicationShutdown,
  Inject,
  Injectable,
  type OnModuleInit,
} from '@nestjs/common';
import type { Logger } from 'pino';

import { CONFIG, type Config } from '../platform/config/config';
import { LOGGER } from '../platform/logging/logging.module';
import { SampleRing } from './history/sample-ring';
import { MonitoringUnavailableError } from './monitoring.errors';
import { MACHINE_READER, type MachineReader, type MachineReading } from './sampling/machine-reader';
import { toSystemMetrics } from './sampling/system-metrics';

/** Rates need two readings: so soon after the first one comes the second. */
const SECOND_READING_AFTER_MS = 200;

/** How long after the last call a machine whose samples are dear is still sampled. */
const WATCHED_FOR_MS = 60_000;

/** Is told of a sample; must not throw. */
export type SampleListener = (sample: SystemMetrics) => void;

interface Waiting {
  readonly resolve: (sample: SystemMetrics) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Takes the samples of the machine, one for everybody, every METRICS_INTERVAL_MS: all the time where
 * that is cheap, else only while somebody watches.
 */
@Injectable()
export class SamplerService implements OnModuleInit, BeforeApplicationShutdown {
  private readonly listeners = new Set<SampleListener>();
  private waiting: Waiting[] = [];
  private latest: SystemMetrics | null = null;
  private isRunning = false;
  private isStopped = false;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | null = null;
  private readings: Promise<void> = Promise.resolve();

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(MACHINE_READER) private readonly reader: MachineReader,
    @Inject(LOGGER) private readonly logger: Logger,
    private readonly ring: SampleRing,
  ) {}

  onModuleInit(): void {
    if (this.reader.isCheap) this.start();
  }

  /** Ends the sampling, then lets go of the machine's files; what still waits for a sample is refused. */
  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    if (this.timer !== null) clearTimeout(this.timer);
    this.refuse(new MonitoringUnavailableError());
    await this.readings;
    this.reader.close();
  }

  /**
   * Calls the listener with each sample from now on; whoever listens watches.
   * @returns ends that
   */
  subscribe(listener: SampleListener): () => void {
    this.listeners.add(listener);
    this.start();
    return () => this.listeners.delete(listener);
  }

  /**
   * The newest sample. The very first one takes a moment, because it needs two readings.
   * @throws DomainError (503) while the server is stopping
   */
  async current(): Promise<SystemMetrics> {
    this.noteWatcher();
    if (this.latest !== null) return this.latest;
    return new Promise((resolve, reject) => this.waiting.push({ resolve, reject }));
  }

  /** Somebody looks at the machine: where samples are dear they are taken for a while from now. */
  noteWatcher(): void {
    this.askedAtMs = performance.now();
    this.start();
  }

  private start(): void {
    if (this.isRunning || this.isStopped) return;
    this.isRunning = true;
    this.readings = this.takeSample(null, 0);
  }

  /** Without a previous reading there are no rates: then this one is only the start of the next. */
  private async takeSample(previous: MachineReading | null, nextAtMs: number): Promise<void> {
    if (!this.isWatched()) {
      this.pause();
      return;
    }
    const reading = await this.read();
    if (this.isStopped) return;
    if (reading === null) {
      this.schedule(
        previous,
        Math.max(nextAtMs, performance.now() + this.config.metricsIntervalMs),
      );
    } else if (previous === null) {
      this.schedule(reading, performance.now() + SECOND_READING_AFTER_MS);
    } else {
      this.schedule(reading, nextAtMs);
      this.publish(toSystemMetrics(reading, previous));
    }
  }

  /**
   * Samples never overlap: the next one is planned when this one is there. They keep their beat; one
   * that is late moves it, so that no others follow at once.
   */
  private schedule(previous: MachineReading | null, dueAtMs: number): void {
    const now = performance.now();
    const atMs = Math.max(dueAtMs, now);
    this.timer = setTimeout(() => {
      this.readings = this.takeSample(previous, atMs + this.config.metricsIntervalMs);
    }, atMs - now);
    this.timer.unref();
  }

  private isWatched(): boolean {
    return (
      this.reader.isCheap ||
      this.listeners.size > 0 ||
      performance.now() - this.askedAtMs < WATCHED_FOR_MS
    );
  }

  /** Whoever comes next gets a sample of then, not the last one of now. */
  private pause(): void {
    this.isRunning = false;
    this.latest = null;
  }

  /** The machine's sources make missing values null; an error beyond that must not end the sampling. */
  private async read(): Promise<MachineReading | null> {
    try {
      return await this.reader.read();
    } catch (error) {
      this.logger.error({ err: error }, 'The machine could not be read; this sample is left out.');
      this.refuse(new MonitoringUnavailableError(error));
      return null;
    }
  }

  private publish(sample: SystemMetrics): void {
    this.latest = sample;
    this.ring.append(sample);
    const waiting = this.waiting;
    this.waiting = [];
    for (const { resolve } of waiting) resolve(sample);
    for (const listener of this.listeners) listener(sample);
  }

  private refuse(error: Error): void {
    const waiting = this.waiting;
    this.waiting = [];
    for (const { reject } of waiting) reject(error);
  }
}
