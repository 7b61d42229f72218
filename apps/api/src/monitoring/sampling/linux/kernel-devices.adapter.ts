import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { chooseSensor, parseTemperature, type TemperatureSensor } from './cpu-temperature';
import { KernelFile } from './kernel-file.adapter';

/** How often a sensor is looked for that was not found, or went away: its driver may be loaded late. */
const SEARCH_EVERY_MS = 60_000;

/** Remembers which devices of a class in /sys are hardware; asks only for names that are new. */
export class HardwareNames {
  private readonly known = new Map<string, boolean>();
  /** Whether the system tells at all. */
  readonly areKnown: boolean;

  /** @param folder such as `/sys/class/net` */
  constructor(private readonly folder: string) {
    this.areKnown = existsSync(folder);
  }

  has(name: string): boolean {
    const known = this.known.get(name);
    if (known !== undefined) return known;
    const isHardware = existsSync(path.join(this.folder, name, 'device'));
    this.known.set(name, isHardware);
    return isHardware;
  }

  /** Forgets what is no longer there: another device may come under its name. */
  retain(names: ReadonlyMap<string, unknown>): void {
    for (const name of this.known.keys()) if (!names.has(name)) this.known.delete(name);
  }
}

/** The temperature of the processor, from hwmon or a thermal zone. */
export class CpuTemperature {
  private file: KernelFile | null = null;
  private searchedAtMs = Number.NEGATIVE_INFINITY;

  /** @param sysfs such as `/sys` */
  constructor(private readonly sysfs: string) {}

  /** In degrees Celsius; null where no sensor tells. */
  read(): number | null {
    if (this.file === null && performance.now() - this.searchedAtMs >= SEARCH_EVERY_MS) {
      this.searchedAtMs = performance.now();
      const sensor = chooseSensor([...this.hwmonSensors(), ...this.thermalZones()]);
      this.file = sensor === null ? null : new KernelFile(sensor.file);
    }
    const text = this.file?.read() ?? null;
    if (text === null) this.close();
    return parseTemperature(text);
  }

  close(): void {
    this.file?.close();
    this.file = null;
  }

  private hwmonSensors(): TemperatureSensor[] {
    return listFolder(path.join(this.sysfs, 'class', 'hwmon')).flatMap((folder) =>
      listFolder(folder)
        .filter((file) => /temp\d+_input$/.test(file))
        .map((file) => ({
          driver: readOnce(path.join(folder, 'name')),
          label: readOnce(file.replace(/_input$/, '_label')),
          file,
        })),
    );
  }

  private thermalZones(): TemperatureSensor[] {
    return listFolder(path.join(this.sysfs, 'class', 'thermal'))
      .filter((folder) => /thermal_zone\d+$/.test(folder))
      .map((folder) => ({
        driver: readOnce(path.join(folder, 'type')),
        label: '',
        file: path.join(folder, 'temp'),
      }));
  }
}

/** Paths in a folder, in order; none where it is missing. */
function listFolder(folder: string): string[] {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => path.join(folder, name));
  } catch {
    return []; // this machine has none
  }
}

function readOnce(file: string): string {
  const opened = new KernelFile(file);
  try {
    return opened.read()?.trim() ?? '';
  } finally {
    opened.close();
  }
}
