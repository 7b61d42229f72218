/** A place that may tell the temperature of the processor. */
export interface TemperatureSensor {
  /** `name` of a hwmon device, or `type` of a thermal zone. */
  readonly driver: string;
  /** What the driver calls this input; empty where it has no labels. */
  readonly label: string;
  readonly file: string;
}

/** Drivers that measure the processor itself, best first; all of them answer without waiting. */
const DRIVERS: readonly RegExp[] = [
  /^coretemp$/,
  /^zenpower$/,
  /^k10temp$/,
  /^cpu[-_]?thermal$/,
  /^x86_pkg_temp$/,
  /^(cpu|cpuss|package|soc|bigcore|littlecore)[-_0-9a-z]*thermal[0-9a-z_-]*$/i,
];

/** The whole package before a core; Tctl of AMD may lie above the real temperature Tdie. */
const LABELS: readonly RegExp[] = [/^Package id \d+$/, /^Tdie$/, /^Tctl$/];

/** Beyond these a sensor is broken, or not connected: it reads 0 then, or the end of its scale. */
const LOWEST_CELSIUS = -40;
const HIGHEST_CELSIUS = 150;

/** The sensor to read; null when none of them is the processor's. */
export function chooseSensor(sensors: readonly TemperatureSensor[]): TemperatureSensor | null {
  const rank = (patterns: readonly RegExp[], text: string) => {
    const index = patterns.findIndex((pattern) => pattern.test(text));
    return index < 0 ? patterns.length : index;
  };
  const [best] = sensors
    .filter(({ driver }) => rank(DRIVERS, driver) < DRIVERS.length)
    .sort(
      (a, b) =>
        rank(DRIVERS, a.driver) - rank(DRIVERS, b.driver) ||
        rank(LABELS, a.label) - rank(LABELS, b.label),
    );
  return best ?? null;
}

/** Thousandths of a degree, as the kernel writes them, in degrees; null for what cannot be. */
export function parseTemperature(text: string | null): number | null {
  const thousandths = Number.parseInt(text ?? '', 10);
  const celsius = thousandths / 1000;
  const isPlausible = celsius > LOWEST_CELSIUS && celsius < HIGHEST_CELSIUS && celsius !== 0;
  return isPlausible ? celsius : null;
}
