/** Powers of 1000, as drives are sold and as file managers count today. */
const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const;

export type ByteUnit = (typeof UNITS)[number];

/** `value` is ready to be shown, such as `9.4`. */
export interface FormattedBytes {
  readonly value: string;
  readonly unit: ByteUnit;
}

/**
 * A size in the unit in which it reads best: `188 kB`, `3.8 MB`, `112 GB`, `1.2 TB`.
 * @param bytes 0 or more
 */
export function formatBytes(bytes: number): FormattedBytes {
  const unit = byteUnitOf(bytes);
  return { value: formatBytesIn(bytes, unit), unit };
}

/** `formatBytes` as one text that does not break: `3.8 MB`. */
export function bytesText(bytes: number): string {
  const { value, unit } = formatBytes(bytes);
  return `${value}\u00a0${unit}`;
}

/** The unit in which a size reads best, after rounding: 999 950 bytes are 1.0 MB, not 1000 kB. */
export function byteUnitOf(bytes: number): ByteUnit {
  for (const unit of UNITS) {
    if (Number(formatBytesIn(bytes, unit)) < 1000) return unit;
  }
  return 'PB';
}

/** A size in a unit that was chosen before, such as that of the total beside it. */
export function formatBytesIn(bytes: number, unit: ByteUnit): string {
  const power = UNITS.indexOf(unit);
  const value = bytes / 1000 ** power;
  // Below a megabyte a fraction says nothing, at 100 and above it is noise.
  return value.toFixed(power < 2 || value >= 99.95 ? 0 : 1);
}
