const UNITS = ['MB', 'GB', 'TB'] as const;
const STEP = 1024;

/**
 * A size of memory ready to be shown. Memory is made and sold in powers of 1024, so that a module of
 * 16 GB reads as 16 GB, unlike drives, which count in powers of 1000.
 */
export function formatMemory(bytes: number): { value: string; unit: string } {
  let value = bytes / STEP ** 2;
  let step = 0;
  while (value >= 999.5 && step < UNITS.length - 1) {
    value /= STEP;
    step += 1;
  }
  return { value: digitsOf(value, step), unit: UNITS[step] ?? 'TB' };
}

/** Whole sizes without a fraction: `24 GB`, but `23.4 GB`. */
export function memoryText(bytes: number): string {
  const { value, unit } = formatMemory(bytes);
  return `${value.replace(/\.0$/, '')}\u00a0${unit}`;
}

function digitsOf(value: number, step: number): string {
  return value.toFixed(step === 0 || value >= 99.95 ? 0 : 1);
}
