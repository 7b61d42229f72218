import type { ChartPoint } from '@homeserver/ui';

import { exampleDisk, exampleFrame, type FrameValues } from '../testing/example-frame';
import { reportHealth } from './health-report';

const NOON = Date.UTC(2026, 7, 14, 12);

function report(values: FrameValues, cpuPoints: readonly ChartPoint[] = []) {
  return reportHealth(exampleFrame(values).system, cpuPoints);
}

/** The processor at one load over the last minutes, a sample each two seconds. */
function cpuAt(percent: number, minutes: number): ChartPoint[] {
  return Array.from({ length: minutes * 30 + 1 }, (_, index) => ({
    time: NOON - (minutes * 30 - index) * 2000,
    value: percent,
  }));
}

describe('reportHealth', () => {
  it('should say that all is well when nothing is high', () => {
    expect(report({}, cpuAt(30, 15))).toEqual({
      level: 'normal',
      headline: 'All is well',
      findings: [],
    });
  });

  it.each([
    [79.9, 'normal', 'All is well'],
    [80, 'warning', 'Disk Media is 80\u00a0% full'],
    [94.9, 'warning', 'Disk Media is 94\u00a0% full'],
    [95, 'alarm', 'Disk Media is almost full, at 95\u00a0%'],
  ])('should speak of a disk when it is %d per cent full', (percent, level, headline) => {
    expect(report({ disks: [exampleDisk('/mnt/Media', percent)] })).toMatchObject({
      level,
      headline,
    });
  });

  it.each([
    [80, 'warning', 'Memory is 80\u00a0% used'],
    [96, 'alarm', 'Memory is almost used up, at 96\u00a0%'],
  ])('should speak of the memory when %d per cent are used', (memoryPercent, level, headline) => {
    expect(report({ memoryPercent })).toMatchObject({ level, headline });
  });

  it('should say nothing of what the machine cannot tell', () => {
    expect(report({ memoryPercent: null, cpuPercent: null }).headline).toBe('All is well');
  });

  it('should speak of the processor when it is busy for five minutes', () => {
    expect(report({}, cpuAt(88, 15))).toMatchObject({
      level: 'warning',
      headline: 'The processor is at 88\u00a0% for 5 minutes now',
    });
    expect(report({}, cpuAt(99, 15)).level).toBe('alarm');
  });

  it('should not speak of the processor when it was busy for a moment alone', () => {
    expect(
      report({}, [...cpuAt(20, 15).slice(0, -10), ...cpuAt(100, 15).slice(-10)]).headline,
    ).toBe('All is well');
  });

  it('should not speak of five minutes when fewer were measured', () => {
    expect(report({}, cpuAt(100, 3)).headline).toBe('All is well');
  });

  it('should count the findings and put the worst first when there are several', () => {
    const health = report({
      memoryPercent: 85,
      disks: [exampleDisk('/', 50), exampleDisk('/mnt/Media', 81), exampleDisk('/mnt/Family', 99)],
    });

    expect(health.headline).toBe('3 things need attention');
    expect(health.level).toBe('alarm');
    expect(health.findings.map((finding) => finding.level)).toEqual([
      'alarm',
      'warning',
      'warning',
    ]);
    expect(health.findings[0]?.text).toContain('Family');
  });
});
