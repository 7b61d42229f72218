import { describe, expect, it } from '@jest/globals';

import { systemMetricsSchema } from '@homeserver/dto';

import { eventually } from '../../../test/eventually';
import type { MachineReader } from './machine-reader';
import { toSystemMetrics } from './system-metrics';

/** What every reader of a machine has to do, whatever the machine is. */
export function describeMachineReader(name: string, create: () => MachineReader): void {
  describe(name, () => {
    it('should give a reading that makes a sample of the contract', async () => {
      const reader = create();
      const first = await reader.read();
      const second = await reader.read();
      reader.close();

      const sample = toSystemMetrics(second, first);
      expect(systemMetricsSchema.parse(sample)).toEqual(sample);
      expect(second.takenAt).toBeGreaterThanOrEqual(first.takenAt);
      expect(second.platform).toBe(process.platform);
      expect(second.uptimeSeconds).toBeGreaterThan(0);
    });

    it('should count processors, memory and the space of disks in whole', async () => {
      const reader = create();
      // On a busy machine a first answer may come too late for the first reading.
      const { processors, memory, disks } = await eventually(async () => {
        const reading = await reader.read();
        expect(reading.memory.totalBytes).not.toBeNull();
        expect(reading.disks).not.toEqual([]);
        return reading;
      });
      reader.close();

      expect(processors?.counters.all.busy).toBeLessThanOrEqual(
        processors?.counters.all.total ?? 0,
      );
      expect(processors?.counters.cores.size).toBeGreaterThan(0);
      expect(memory.usedBytes).toBeLessThanOrEqual(memory.totalBytes ?? 0);
      expect(disks.length).toBeGreaterThan(0);
      for (const disk of disks) {
        expect(disk.totalBytes).toBeGreaterThan(0);
        expect(disk.usedBytes + disk.availableBytes).toBeLessThanOrEqual(disk.totalBytes);
      }
    });

    it('should count up from one reading to the next', async () => {
      const reader = create();
      const first = await reader.read();
      const second = await reader.read();
      reader.close();

      expect(second.processors?.counters.all.total).toBeGreaterThanOrEqual(
        first.processors?.counters.all.total ?? 0,
      );
      for (const [name, traffic] of second.network?.counters ?? []) {
        const before = first.network?.counters.get(name);
        expect(traffic.receivedBytes).toBeGreaterThanOrEqual(before?.receivedBytes ?? 0);
      }
    });

    it('should not read the loopback', async () => {
      const reader = create();
      const { network } = await reader.read();
      reader.close();

      expect([...(network?.counters.keys() ?? [])]).not.toContain('lo');
    });
  });
}
