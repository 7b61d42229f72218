import { LinuxMachineReader } from './linux/linux-machine-reader.adapter';
import type { MachineReader } from './machine-reader';

/** The reader for the machine that we run on. Linux never loads systeminformation. */
export async function createMachineReader(): Promise<MachineReader> {
  if (process.platform === 'linux') return new LinuxMachineReader();
  const { SystemInformationReader } = await import('./system-information-reader.adapter');
  return new SystemInformationReader();
}
