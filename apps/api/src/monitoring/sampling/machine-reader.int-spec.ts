import { LinuxMachineReader } from './linux/linux-machine-reader.adapter';
import { describeMachineReader } from './machine-reader.contract';
import { SystemInformationReader } from './system-information-reader.adapter';

if (process.platform === 'linux')
  describeMachineReader('LinuxMachineReader', () => new LinuxMachineReader());
describeMachineReader('SystemInformationReader', () => new SystemInformationReader());
