/** The token under which the machine's reader is injected. */
export const MACHINE_READER = Symbol('MACHINE_READER');

/** Counters, and when they were read: `atMs` is of `performance.now()`, a clock that never jumps. */
export interface Counted<T> {
  readonly atMs: number;
  readonly counters: T;
}

/** Time that processors spent, in a unit of the system's own; both only rise. */
export interface ProcessorTime {
  readonly busy: number;
  readonly total: number;
}

export interface ProcessorTimes {
  readonly all: ProcessorTime;
  /** By the number of the core: where a core is switched off its number is missing. */
  readonly cores: ReadonlyMap<number, ProcessorTime>;
}

/** Bytes since the interface came up. */
export interface Traffic {
  readonly receivedBytes: number;
  readonly sentBytes: number;
}

/** Bytes since the disk was attached. */
export interface DiskTransfer {
  readonly readBytes: number;
  readonly writtenBytes: number;
}

export interface MemoryReading {
  readonly totalBytes: number | null;
  readonly usedBytes: number | null;
  readonly availableBytes: number | null;
  readonly swapTotalBytes: number | null;
  readonly swapUsedBytes: number | null;
}

/** A mounted filesystem and its space, as `df` counts it. */
export interface DiskReading {
  readonly mountPoint: string;
  readonly filesystem: string;
  readonly totalBytes: number;
  readonly usedBytes: number;
  /** To programs that are not root: less than total minus used where the filesystem keeps a reserve. */
  readonly availableBytes: number;
}

/** One look at the machine. What it cannot tell is null. Rates come from two readings. */
export interface MachineReading {
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  readonly hostname: string;
  readonly platform: string;
  readonly scope: 'host' | 'container';
  readonly uptimeSeconds: number;
  readonly processorModel: string | null;
  readonly processors: Counted<ProcessorTimes> | null;
  /** Over 1, 5 and 15 minutes. */
  readonly loadAverage: readonly number[] | null;
  readonly temperatureCelsius: number | null;
  readonly memory: MemoryReading;
  readonly disks: readonly DiskReading[];
  /** By the name of the interface. */
  readonly network: Counted<ReadonlyMap<string, Traffic>> | null;
  /** By the name of the disk: whole disks only, so that no byte counts twice. */
  readonly diskTransfers: Counted<ReadonlyMap<string, DiskTransfer>> | null;
}

/** Reads the machine. Adapters: Linux from /proc and /sys, everything else through systeminformation. */
export interface MachineReader {
  /** Whether a reading costs so little that it may be taken all the time. */
  readonly isCheap: boolean;

  /**
   * Takes a reading. A filesystem or a tool that does not answer delays it by a moment at most: its
   * last answer is used. A source that is missing makes its values null, never an error.
   */
  read(): Promise<MachineReading>;

  /** Lets go of what the reader holds open; it is not read again. */
  close(): void;
}
