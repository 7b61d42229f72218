const whole = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 0 });

/** A count, grouped: `48,213`. */
export function formatCount(count: number): string {
  return whole.format(count);
}

/** A count and its noun: `1 file`, `48,213 files`. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
