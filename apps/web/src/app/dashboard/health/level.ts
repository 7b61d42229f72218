/** How full or busy something is, where that means something. */
export type Level = 'normal' | 'warning' | 'alarm';

const WARNING_PERCENT = 80;
const ALARM_PERCENT = 95;

/** What is not known is normal: nothing can be said against it. */
export function levelOf(percent: number | null): Level {
  if (percent === null || percent < WARNING_PERCENT) return 'normal';
  return percent < ALARM_PERCENT ? 'warning' : 'alarm';
}
