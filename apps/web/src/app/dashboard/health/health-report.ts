import type { SystemMetrics } from '@homeserver/dto';
import type { ChartPoint } from '@homeserver/ui';

import { diskName } from './disk-name';
import { type Level, levelOf } from './level';

/** Something about the machine that its people should know. */
export interface Finding {
  readonly level: Exclude<Level, 'normal'>;
  /** A whole sentence without its full stop. */
  readonly text: string;
}

/** The state of the machine in one sentence. */
export interface HealthReport {
  readonly level: Level;
  readonly headline: string;
  /** The worst first. */
  readonly findings: readonly Finding[];
}

const BUSY_MINUTES = 5;
/** So much of that time must have been measured to speak of it. */
const MEASURED_MINUTES = 4;
const MINUTE_MS = 60_000;

/**
 * @param cpuPoints the processor's load in per cent over the last minutes; a peak alone is no finding
 */
export function reportHealth(
  system: SystemMetrics,
  cpuPoints: readonly ChartPoint[],
): HealthReport {
  const findings = [
    ...diskFindings(system),
    ...memoryFindings(system),
    ...cpuFindings(cpuPoints),
  ].sort((one, other) => Number(other.level === 'alarm') - Number(one.level === 'alarm'));
  const worst = findings[0];
  if (worst === undefined) return { level: 'normal', headline: 'All is well', findings };
  const headline = findings.length === 1 ? worst.text : `${findings.length} things need attention`;
  return { level: worst.level, headline, findings };
}

function diskFindings(system: SystemMetrics): Finding[] {
  return system.disks.flatMap((disk) => {
    const name = diskName(disk, system.disks);
    return findingFor(disk.usagePercent, {
      warning: `Disk ${name} is ${wholePercent(disk.usagePercent)} full`,
      alarm: `Disk ${name} is almost full, at ${wholePercent(disk.usagePercent)}`,
    });
  });
}

function memoryFindings({ memory }: SystemMetrics): Finding[] {
  if (memory.usagePercent === null) return [];
  return findingFor(memory.usagePercent, {
    warning: `Memory is ${wholePercent(memory.usagePercent)} used`,
    alarm: `Memory is almost used up, at ${wholePercent(memory.usagePercent)}`,
  });
}

function cpuFindings(points: readonly ChartPoint[]): Finding[] {
  const end = points.at(-1)?.time ?? 0;
  const recent = points.filter((point) => point.time >= end - BUSY_MINUTES * MINUTE_MS);
  const first = recent[0];
  if (first === undefined || end - first.time < MEASURED_MINUTES * MINUTE_MS) return [];
  const average = recent.reduce((total, point) => total + point.value, 0) / recent.length;
  return findingFor(average, {
    warning: `The processor is at ${wholePercent(average)} for ${BUSY_MINUTES} minutes now`,
    alarm: `The processor is at its limit for ${BUSY_MINUTES} minutes now`,
  });
}

function findingFor(percent: number, texts: Readonly<Record<Finding['level'], string>>): Finding[] {
  const level = levelOf(percent);
  return level === 'normal' ? [] : [{ level, text: texts[level] }];
}

/** Rounded down: what is called 100 % is full. */
function wholePercent(percent: number): string {
  return `${Math.floor(percent)}\u00a0%`;
}
